"""The files of a model: which are read, what they are, what identifies them."""
