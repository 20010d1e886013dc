"""Which individuals a person looks for: those of a search, and favourites."""
