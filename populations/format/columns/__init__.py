"""The columns of tables: how zarr describes them, written with it, read back without it."""
