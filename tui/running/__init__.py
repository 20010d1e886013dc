"""What `fancier run` shows while it breeds: a live view in a terminal, plain lines in a log."""
