"""Renderers on other machines, each behind a line that may break, and the cluster they are in."""
