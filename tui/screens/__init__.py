"""Screens: the list of populations, the gallery, one picture large, help, a form."""
