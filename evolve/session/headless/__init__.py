"""Breeding without a person: the run, its painting, and its scores."""
