"""Verifying a population against its own record, and repairing it."""
