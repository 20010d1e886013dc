"""Screens: the list of populations, the gallery, and help."""
