"""What only a GPU can show of painting, on models of usual sizes with random weights."""
