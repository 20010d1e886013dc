"""Checksums that bind what belongs together.

Every chunk has a checksum of its own, so what is cut or altered is noticed at once. These notice
whole files that lie in each other's place.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Noise
from populations.format.json_texts import parse_object


def of_genome(individual: int, genome: str, noise: Noise) -> int:
    """Return the CRC-32 of a genome, as its JSON and its noise, and whose it is."""
    return zlib.crc32(_stored(noise), zlib.crc32(genome.encode(), individual & 0xFFFFFFFF))


def of_noise(noise: Noise) -> int:
    """Return the CRC-32 that format 1.0 kept of a genome."""
    return zlib.crc32(_stored(noise))


def of_picture(individual: int, encoded: bytes) -> int:
    """Return the CRC-32 of an encoded picture and whose it is."""
    return zlib.crc32(encoded, individual & 0xFFFFFFFF)


def check_picture(individual: int, encoded: bytes, record: str) -> None:
    """Test an encoded picture against the record of its painting.

    Raises:
        ValueError: It is another picture, or another's. (Until 1.0 there was no checksum.)
    """
    recorded = parse_object(record).get("crc32")
    if recorded is not None and recorded != of_picture(individual, encoded):
        raise ValueError("it is not the picture that was saved")


def of_values(values: NDArray[Any], before: int = 0) -> int:
    """Return the CRC-32 of a column, in which `values` follow those whose CRC-32 is `before`."""
    if values.dtype.kind == "T":  # texts
        return zlib.crc32(b"".join(text.encode() + b"\0" for text in values.tolist()), before)
    return zlib.crc32(values.tobytes(), before)


def _stored(noise: Noise) -> bytes:
    return np.ascontiguousarray(noise, dtype="<f2").tobytes()
