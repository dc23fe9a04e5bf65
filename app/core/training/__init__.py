"""What an experiment is, one iteration of it, and many."""
