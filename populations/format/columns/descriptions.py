"""The description of a column's array, its `zarr.json`: written and read without zarr."""

from __future__ import annotations

from typing import Any

from populations.format.json_texts import parse_object
from populations.format.schema import BLOB_CHUNK, MAX_BLOB, MOST_ROWS, Column

_DTYPES = {
    "blob": "uint8",
    "datetime64[ms]": {
        "name": "numpy.datetime64",
        "configuration": {"unit": "ms", "scale_factor": 1},
    },
}
"""Types of columns that zarr calls otherwise."""
_ENDIAN = {"endian": "little"}
_COMPRESSION = {"level": 0, "checksum": False}
_CODECS = {"bytes", "vlen-utf8", "zstd", "crc32c"}
_MOST_ROWS = 2 * MOST_ROWS
"""An interrupted writer may leave an array longer than it was to be."""
LARGEST_DESCRIPTION = 64 << 10
"""Bytes in the `zarr.json` of a table or column."""


class AlteredError(ValueError):
    """It describes another array than that of the column."""


def describe(column: Column, rows: int) -> dict[str, Any]:
    """Return the description of the array of a column."""
    blob, string = column.dtype == "blob", column.dtype == "string"
    if string:
        codecs = [{"name": "vlen-utf8", "configuration": {}}]
    elif blob or column.dtype == "uint8":
        codecs = [{"name": "bytes"}]
    else:
        codecs = [{"name": "bytes", "configuration": _ENDIAN}]
    if column.compressed:
        codecs.append({"name": "zstd", "configuration": _COMPRESSION})
    chunk = [1, BLOB_CHUNK] if blob else [column.chunk, *column.shape]
    return {
        "shape": [rows, MAX_BLOB] if blob else [rows, *column.shape],
        "data_type": _DTYPES.get(column.dtype, column.dtype),
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": chunk}},
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "."}},
        "fill_value": "" if string else 0,
        "codecs": [*codecs, {"name": "crc32c"}],
        "attributes": {},
        "zarr_format": 3,
        "node_type": "array",
        "storage_transformers": [],
    }


def described_rows(data: bytes, column: Column) -> int:
    """Return how many rows an array has, by its description.

    Raises:
        AlteredError: It describes another array than that of the column.
        Exception: It is damaged.
    """
    description = parse_object(data)
    rows = description["shape"][0]
    if type(rows) is not int or not 0 <= rows <= _MOST_ROWS:
        raise AlteredError
    expected = describe(column, rows)
    if description != expected:  # another version of zarr may put it in other words
        # zarr would look for other codecs, and import what has them.
        if not all(codec["name"] in _CODECS for codec in description["codecs"]):
            raise AlteredError
        from populations.format.columns.arrays import normalised  # zarr comes with it

        if normalised(description) != normalised(expected):
            raise AlteredError
    return rows
