"""Children of a size: the broods, and how far each child goes."""
