"""fancier at the terminal: the command line and the app."""
