"""Zstandard data, measured before it is decompressed (RFC 8878, 3.1).

A decompressor accepts any number of frames, skippable ones among them, and only some state their
decompressed size. Chunks are written as one frame that does; only such are accepted, so that their
size is known before memory is used.
"""

from __future__ import annotations

_MAGIC = b"\x28\xb5\x2f\xfd"
_LARGEST_BLOCK = 128 << 10


def content_size(data: bytes) -> int:
    """Return how many bytes `data` decompresses to.

    Raises:
        ValueError: It is not exactly one whole frame that says its size.
    """
    if len(data) < 9 or not data.startswith(_MAGIC):
        raise ValueError("its compression is invalid")
    flags = data[4]
    single = flags >> 5 & 1
    place = 5 + (1 - single) + (0, 1, 2, 4)[flags & 3]
    length = (single, 2, 4, 8)[flags >> 6]
    if length == 0:
        raise ValueError("its size is missing")
    size = int.from_bytes(data[place : place + length], "little") + 256 * (length == 2)
    if _end(data, place + length) + 4 * (flags >> 2 & 1) != len(data):
        raise ValueError("it is longer than it should be, or shorter")
    return size


def _end(data: bytes, place: int) -> int:
    """Return where the blocks end of which the first begins at `place`."""
    last = 0
    while not last:
        if place + 3 > len(data):
            raise ValueError("it is cut off")
        head = int.from_bytes(data[place : place + 3], "little")
        last, kind, size = head & 1, head >> 1 & 3, head >> 3
        if kind == 3 or size > _LARGEST_BLOCK:
            raise ValueError("its compression is invalid")
        place += 3 + (1 if kind == 1 else size)  # one byte that is repeated, or all of them
    return place
