"""The columns of tables, as zarr has them: their descriptions, chunks and values."""
