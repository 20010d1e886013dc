"""What the app shows: a population that is bred or only looked at, and all those of a home."""
