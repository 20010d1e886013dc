"""How any network here learns: losses, optimiser, course, several cores at once."""
