"""The model of a saved population: where it is, whether it is the one that painted, what paints."""
