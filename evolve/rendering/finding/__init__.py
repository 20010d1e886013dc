"""The place of a thing in a picture, and the words and noises by which it appears there."""
