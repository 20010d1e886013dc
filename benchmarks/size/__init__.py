"""Whether children are as far from their parents as was asked, and steps along axes."""
