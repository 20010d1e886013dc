"""Commands that move populations and pictures about."""
