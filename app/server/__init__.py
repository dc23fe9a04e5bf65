"""How it is served: turns, headers, the page's files, logs and counts, a clean end."""
