"""Breed."""
