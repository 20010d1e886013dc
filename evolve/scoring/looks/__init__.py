"""What pictures are like: embeddings, readings, appearance, and distances."""
