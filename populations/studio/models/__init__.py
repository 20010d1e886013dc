"""The model of a saved population: where it is, and whether it is the one that painted so far."""
