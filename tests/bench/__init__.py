"""How fast it is, as ratios to what it is compared with, so that the machine matters little."""
