"""Pages that wait for pictures: those they are bred by, and those that they are chosen among."""
