"""What a safetensors file holds, by its header alone: a length, then JSON."""

from __future__ import annotations

import json
import struct
from pathlib import Path

from evolve.errors import ModelError

_MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


def shapes_of(file: Path) -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor in a safetensors file, by name.

    Raises:
        ModelError: It is no such file, or cut off.
    """
    try:
        with file.open("rb") as stream:
            size = file.stat().st_size
            (length,) = struct.unpack("<Q", stream.read(8))
            if length > size:
                raise ValueError("cut off")
            tensors = json.loads(stream.read(length))
        tensors.pop("__metadata__", None)
        if size < 8 + length + max((t["data_offsets"][1] for t in tensors.values()), default=0):
            raise ValueError("cut off")
        return {name: tuple(map(int, tensor["shape"])) for name, tensor in tensors.items()}
    except (*_MALFORMED, OSError, struct.error):
        raise ModelError(
            f"{file} is no whole safetensors file: remove it and get it again"
        ) from None
