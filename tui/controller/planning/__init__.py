"""What is decided about the pages to come, and what comes of it."""
