"""Whole columns decoded at once.

zarr spends far longer on each chunk than its decoding takes (a third of a second for a million
numbers, where opening a population needs five such columns). Here a chunk is decoded by the same
libraries that zarr decodes it with, but one after another and without its machinery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import google_crc32c
import numpy as np
from numcodecs.vlen import VLenUTF8
from numcodecs.zstd import Zstd
from numpy.typing import NDArray
from zarr.core.metadata import ArrayV3Metadata

Decode = Callable[[bytes], NDArray[Any]]


def decoder(metadata: ArrayV3Metadata, rows: int, row: tuple[int, ...]) -> Decode | None:
    """Return what decodes a chunk of `rows` of shape `row`, or None if we do not write it so."""
    names = [codec.to_dict()["name"] for codec in metadata.codecs]
    if names == ["vlen-utf8", "zstd", "crc32c"]:
        return lambda data: _texts(data, rows)
    if names != ["bytes", "zstd", "crc32c"]:
        return None
    dtype = np.dtype(metadata.dtype.to_native_dtype()).newbyteorder("<")
    return lambda data: np.frombuffer(Zstd().decode(_checked(data)), dtype).reshape(-1, *row)


def decoded(files: Iterable[bytes], decode: Decode) -> Iterator[NDArray[Any]]:
    """Yield chunks; equal ones that follow each other are decoded once."""
    before, chunk = b"", np.empty(0)
    for data in files:
        if data != before:
            before, chunk = data, decode(data)
        yield chunk


def _texts(data: bytes, rows: int) -> NDArray[Any]:
    content = Zstd().decode(_checked(data))
    # Else the decoder believes any number, and is busy for minutes where files changed places.
    if int.from_bytes(content[:4], "little") != rows:
        raise ValueError("these are not its texts")
    return np.array(VLenUTF8().decode(content), np.dtypes.StringDType())


def _checked(data: bytes) -> bytes:
    body, told = data[:-4], data[-4:]
    if google_crc32c.value(body) != int.from_bytes(told, "little"):
        raise ValueError("its checksum is another")
    return body
