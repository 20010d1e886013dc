"""Models on the hub: its cache, downloads, advice."""
