"""The Gaussian process by which a taste is learnt, and which attributes it counts."""
