"""Simulated persons with a taste, and the ways of making pages that they are shown."""
