"""What is committed, read without zarr.

zarr spends far longer on each chunk than its decoding takes (a third of a second for a million
numbers, where opening a population needs five such columns), and a fifth of a second on its own
import. Here a chunk is decoded by the same libraries that zarr decodes it with, but one after
another and without its machinery.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import google_crc32c
import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError
from populations.format.columns.zstd_frames import content_size
from populations.format.schema import BLOB_CHUNK, LARGEST_TEXTS, Column

try:
    from numcodecs.vlen import VLenUTF8
    from numcodecs.zstd import Zstd
except Exception as error:  # it reads the metadata of all installed packages
    from evolve.installed_packages import damaged_package  # only then: it takes a while

    if damaged := damaged_package():
        raise ArchiveError(damaged) from error
    raise

Decode = Callable[[bytes], NDArray[Any]]


def dtype_of(column: Column) -> np.dtype[Any]:
    """Return what the values of a column are in memory."""
    if column.dtype == "string":
        return np.dtypes.StringDType()
    return np.dtype(np.uint8 if column.dtype == "blob" else column.dtype)


def decoder(column: Column) -> Decode:
    """Return what decodes a chunk of a column, written as `descriptions.py` describes it.

    It never uses more memory than a valid chunk of the column needs.
    """
    if column.dtype == "string":
        return lambda data: _texts(_decompressed(data, 0, _size(column)), column.chunk)
    stored, size = dtype_of(column).newbyteorder("<"), _size(column)
    if column.compressed:
        return lambda data: np.frombuffer(_decompressed(data, size, size), stored).reshape(
            -1, *column.shape
        )
    return lambda data: np.frombuffer(_checked(data), stored).reshape(-1, *column.shape)


def largest_file(column: Column) -> int:
    """Return how many bytes the file of a chunk may have: what cannot be compressed grows a bit."""
    content = _size(column)
    return content + content // 128 + 1024


def decoded(files: Iterable[bytes], decode: Decode) -> Iterator[NDArray[Any]]:
    """Yield chunks; equal ones that follow each other are decoded once."""
    before, chunk = b"", np.empty(0)
    for data in files:
        if data != before:
            before, chunk = data, decode(data)
        yield chunk


def _texts(content: bytes, rows: int) -> NDArray[Any]:
    # Else the decoder believes any number, and is busy for minutes where files changed places.
    if int.from_bytes(content[:4], "little") != rows:
        raise ValueError("invalid texts")
    return np.array(VLenUTF8().decode(content), np.dtypes.StringDType())


def _size(column: Column) -> int:
    """Return the bytes in a chunk: of texts, at most."""
    if column.dtype == "string":
        return min(LARGEST_TEXTS, column.chunk * column.text)
    rows = BLOB_CHUNK if column.dtype == "blob" else column.chunk
    return rows * math.prod(column.shape) * dtype_of(column).itemsize


def _decompressed(data: bytes, least: int, most: int) -> bytes:
    body = _checked(data)
    if not least <= content_size(body) <= most:
        raise ValueError("unexpected size")
    return bytes(Zstd().decode(body))


def _checked(data: bytes) -> bytes:
    body, checksum = data[:-4], data[-4:]
    if google_crc32c.value(body) != int.from_bytes(checksum, "little"):
        raise ValueError("checksum mismatch")
    return body
