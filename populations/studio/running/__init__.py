"""Breeding a saved population without a person: what is asked, what judges, and the run."""
