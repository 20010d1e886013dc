"""What scripts share: their command line, intervals of what they measure, kept lines of results."""
