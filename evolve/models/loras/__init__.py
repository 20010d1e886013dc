"""LoRAs: how files state them, which of them are added, and how each row has its own weights."""
