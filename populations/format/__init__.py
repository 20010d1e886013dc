"""Format 1 on disk: schema, header, tables, checksums, lock."""
