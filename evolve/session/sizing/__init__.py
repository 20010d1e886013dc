"""Children of a size: drafts decide how far each of them goes."""
