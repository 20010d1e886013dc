"""What pictures are like: embeddings, readings, appearance, and how far two of them are apart."""
