"""Recipes that other programs write into their pictures."""
