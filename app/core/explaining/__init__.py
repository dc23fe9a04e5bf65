"""What is told of a trace: the chain rule written out, slopes, checks, warnings."""
