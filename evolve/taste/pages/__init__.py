"""Pages by taste: possible children, what they would be like, and the choice among them."""
