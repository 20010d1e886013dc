"""Widgets that show pictures: one, a wall of them, or one on which a place is marked."""
