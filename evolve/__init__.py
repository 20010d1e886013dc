"""The engine of fancier: breed images by eye, or by a score."""
