"""View and compare."""
