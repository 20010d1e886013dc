"""Runs without a person: many workers, kills, memory."""
