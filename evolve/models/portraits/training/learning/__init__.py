"""How any network here learns: losses, optimiser, pace, several cores at once."""
