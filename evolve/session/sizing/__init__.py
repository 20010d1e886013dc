"""Children of a size, by drafts that decide how far each goes."""
