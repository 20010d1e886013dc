"""The Textual app without its screens: how it starts, and how it reaches a population."""
