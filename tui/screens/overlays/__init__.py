"""Screens over the gallery: they show its population in another way."""
