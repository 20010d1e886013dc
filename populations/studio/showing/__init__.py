"""What the app shows: a population that is bred or read-only, and all those of a home."""
