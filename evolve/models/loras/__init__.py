"""LoRAs: which files are LoRAs, how they name layers, and how each row gets its own weights."""
