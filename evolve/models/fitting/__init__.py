"""Models in little memory: parts that take turns, weights of fewer bits."""
