"""The tensors of a safetensors file, by its header alone: a length, then JSON.

Sizes in a header decide how much memory is allocated. So they are checked against the file, as the
format demands: each tensor as long as its shape says, one right after the other, and nothing after
the last.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from evolve.errors import ModelError
from evolve.regular_files import opened_file

LARGEST = 100_000_000
"""Bytes of a header, as in the `safetensors` library."""

_BITS: Mapping[str, int] = {
    **dict.fromkeys(("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0"), 8),
    **dict.fromkeys(("I16", "U16", "F16", "BF16"), 16),
    **dict.fromkeys(("I32", "U32", "F32"), 32),
    **dict.fromkeys(("I64", "U64", "F64", "C64"), 64),
}
_MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Tensor(NamedTuple):
    """A tensor as a header describes it."""

    shape: tuple[int, ...]
    kind: str
    """Type of its numbers, such as `F16`."""


def tensors_of(file: Path) -> Mapping[str, Tensor]:
    """Return the tensors that the header of a safetensors file describes, by name.

    Raises:
        ModelError: It is no such file, is cut off, or has an invalid header.
    """
    try:
        with opened_file(file) as stream:
            return _read(stream, os.fstat(stream.fileno()).st_size)
    except (*_MALFORMED, OSError, struct.error):
        raise ModelError(
            f"'{file}' is not a complete safetensors file: remove it and get it again"
        ) from None


def _read(stream: BinaryIO, size: int) -> Mapping[str, Tensor]:
    (length,) = struct.unpack("<Q", stream.read(8))
    if length > min(size - 8, LARGEST):
        raise ValueError("cut off")
    tensors = json.loads(stream.read(length), object_pairs_hook=_once)
    tensors.pop("__metadata__", None)
    return _checked(tensors, size - 8 - length)


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return a JSON object; of two equal names readers would take different ones."""
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("duplicate name")
    return entries


def _checked(tensors: Mapping[str, Any], size: int) -> dict[str, Tensor]:
    """Return tensors that fill `size` bytes without gaps."""
    checked: dict[str, Tensor] = {}
    end = 0
    for name, tensor in sorted(tensors.items(), key=lambda item: item[1]["data_offsets"]):
        begin, stop = map(_count, tensor["data_offsets"])
        shape = tuple(map(_count, tensor["shape"]))
        bits = _BITS.get(tensor["dtype"])
        numbers = math.prod(shape)
        # A number of an unknown type may take less than a byte, but at least a bit.
        if begin != end or (numbers * bits != 8 * (stop - begin) if bits else stop < begin):
            raise ValueError(name)
        if numbers > 8 * (stop - begin):
            raise ValueError(name)
        checked[name], end = Tensor(shape, str(tensor["dtype"])), stop
    if end != size:
        raise ValueError("cut off")
    return checked


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{value!r} is not a count")
    return value
