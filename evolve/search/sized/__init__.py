"""Children of a size: what is asked for, and how far each of them goes."""
