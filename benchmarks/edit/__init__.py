"""What edits by words come to: faces that are asked for a thing, and the tables of their pages."""
