"""Scorers: from pictures to numbers."""
