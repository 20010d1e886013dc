"""A saved population in memory: rows in, individuals out."""
