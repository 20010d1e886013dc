"""The folder of populations: making, listing, renaming, copying, deleting."""
