"""Pictures, recipes and whole populations, to and from elsewhere."""
