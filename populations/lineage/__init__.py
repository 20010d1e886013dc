"""Lineages: as text, as a picture, and where a picture changed most."""
