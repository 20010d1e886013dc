"""The Gaussian process by which a taste is learnt, and the relevance of properties."""
