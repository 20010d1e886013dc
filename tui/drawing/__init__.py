"""How pictures and facts are drawn in a terminal."""
