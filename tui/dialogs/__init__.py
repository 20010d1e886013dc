"""Boxes over a screen: a question, a choice, settings."""
