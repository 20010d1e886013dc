"""Pages by taste: what could be bred, what it would be like, and which of it is shown."""
