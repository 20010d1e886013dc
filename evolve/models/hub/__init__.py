"""Models on the hub: names, cache, downloads."""
