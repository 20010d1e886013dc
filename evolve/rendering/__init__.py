"""Painting: from a batch of genomes to pictures, in a process of its own."""
