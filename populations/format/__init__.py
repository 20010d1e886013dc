"""Format 1 on disk: header, tables, chunks, checksums, lock."""
