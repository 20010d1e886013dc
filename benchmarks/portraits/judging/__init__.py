"""How painted portraits are read: what the judges share, their weights, and backgrounds."""
