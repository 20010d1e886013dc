"""The Textual app without its screens: its start, its config, and opening a population."""
