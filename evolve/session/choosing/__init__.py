"""Pages that wait for pictures: of those that they are bred by, or of their candidates."""
