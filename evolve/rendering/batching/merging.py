"""Merging the arguments of several denoiser calls into one, by shape alone.

Families of denoisers take text as tensors, tuples or lists, timesteps as numbers or rows, and
things that all rows share, such as the places of tokens. What has one entry per row is put one
after the other; what has not must be equal in all calls, or they are not merged.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, MutableMapping
from typing import Any

import torch
from torch.utils.weak import WeakTensorKeyDictionary

from evolve.rendering.batching.nested import mapped

MOST_AXES = 3
"""Of what counts the places of tokens."""


def can_merge(a: Any, rows_a: int, b: Any, rows_b: int, *, within: bool = False) -> bool:
    """Return whether an argument of two calls of so many rows fits into one forward.

    It may be an entry of a list `within` the arguments.
    """
    if torch.is_tensor(a) and torch.is_tensor(b):
        if within and (_is_place(a) or _is_place(b)):
            return a.dtype == b.dtype and torch.equal(a, b)
        if _is_number(a, rows_a) and _is_number(b, rows_b):
            return True  # samplers disagree about the type of their timesteps (see `merged`)
        if _is_rows(a, rows_a) and _is_rows(b, rows_b):
            return a.shape[1:] == b.shape[1:] and a.dtype == b.dtype
        if a.shape != b.shape or a.dtype != b.dtype:
            return False
        return a is b or _content(a) == _content(b)
    if type(a) is not type(b):
        return False
    if isinstance(a, Mapping):
        return a.keys() == b.keys() and all(can_merge(a[k], rows_a, b[k], rows_b) for k in a)
    if isinstance(a, list | tuple):
        if _is_rows(a, rows_a) and _is_rows(b, rows_b):
            return can_merge_entries(a[0], b[0])
        return len(a) == len(b) and all(
            can_merge(x, rows_a, y, rows_b, within=True) for x, y in zip(a, b, strict=True)
        )
    return bool(a == b)


def can_merge_entries(a: Any, b: Any) -> bool:
    """Return whether two entries of lists with one entry per row fit into one list."""
    if torch.is_tensor(a) and torch.is_tensor(b):  # denoisers that take lists take any lengths
        return a.ndim == b.ndim and a.dtype == b.dtype
    return type(a) is type(b)


def merged(
    values: list[tuple[Any, int]],
    size: int,
    dtype: torch.dtype | None,
    *,
    numbers: torch.dtype | None = None,
    within: bool = False,
) -> Any:
    """Merge one argument of several calls into one of `size` rows, padded with the first row.

    Args:
        values: The argument of each call, with the call's rows.
        size: Rows of the forward.
        dtype: What floating tensors with one entry per row are cast to. Those with a single
            number per row are not: timesteps, which would be rounded to other timesteps. They keep
            their type, or are merged in float32, in which all are exact, where calls differ.
        numbers: What even those are cast to, for a denoiser that computes in their type, and what
            has so many axes that it is texts by layer, and not places.
        within: Whether they are entries of a list.
    """
    first, rows = values[0]
    if torch.is_tensor(first):
        if within and _is_place(first):
            return first
        if _is_number(first, rows):
            types = {v.dtype for v, _ in values}
            # One type is kept: whole numbers may be places in a table, and a denoiser in half
            # precision may go by the type of its timestep.
            common = first.dtype if len(types) == 1 else torch.float32
            spread = torch.cat([v.reshape(-1).to(common).expand(n) for v, n in values])
            return _cast(_padded(spread, size), numbers)
        if not _is_rows(first, rows):
            return _cast(first, numbers) if first.ndim > MOST_AXES else first
        return _cast(_padded(torch.cat([v for v, _ in values]), size), dtype)
    if isinstance(first, Mapping):
        return {
            k: merged([(v[k], n) for v, n in values], size, dtype, numbers=numbers) for k in first
        }
    if isinstance(first, list | tuple):
        if _is_rows(first, rows):
            entries = [_cast(entry, dtype) for value, _ in values for entry in value]
            return type(first)(entries + entries[:1] * (size - len(entries)))
        parts = [
            merged([(v[i], n) for v, n in values], size, dtype, numbers=numbers, within=True)
            for i in range(len(first))
        ]
        return type(first)(parts)
    return first


def widened(output: Any) -> Any:
    """Return the output of a forward, whatever its form, with floating tensors as float32."""
    return mapped(output, lambda leaf: _cast(leaf, torch.float32))


def rows_of(output: Any, start: int, rows: int, size: int) -> Any:
    """Cut the rows of one call out of the output of a forward of `size` rows, whatever its form."""
    if torch.is_tensor(output):
        return output[start : start + rows]
    if isinstance(output, list | tuple):
        if isinstance(output, list) and len(output) == size:
            return output[start : start + rows]
        return type(output)(rows_of(v, start, rows, size) for v in output)
    if isinstance(output, Mapping):
        return type(output)(**{k: rows_of(v, start, rows, size) for k, v in output.items()})
    return output


def form_of(value: Any) -> Hashable:
    """Return what decides of an argument which kernels are used: types and shapes."""
    if torch.is_tensor(value):
        return value.dtype, value.shape
    if isinstance(value, Mapping):
        return tuple((name, form_of(each)) for name, each in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(form_of, value))
    return type(value).__name__


_contents: MutableMapping[torch.Tensor, tuple[int, bytes]] = WeakTensorKeyDictionary()
"""Versions of tensors that rows share, and their bytes then. They are the same at every step: to
compare them on the device each time would be to wait for it each time."""


def _content(tensor: torch.Tensor) -> bytes:
    if tensor.is_inference():  # it has no versions
        return _bytes(tensor)
    known = _contents.get(tensor)
    if known is None or known[0] != tensor._version:
        known = _contents[tensor] = tensor._version, _bytes(tensor)
    return known[1]


def _bytes(tensor: torch.Tensor) -> bytes:
    flat = tensor.detach().cpu().contiguous().reshape(-1)
    content: bytes = flat.view(torch.uint8).numpy().tobytes()
    return content


def _is_rows(value: Any, rows: int) -> bool:
    """Return whether a tensor or list has one entry per row."""
    if torch.is_tensor(value):
        return bool(value.ndim) and len(value) == rows
    return isinstance(value, list) and len(value) == rows


def _is_number(value: torch.Tensor, rows: int) -> bool:
    """Return whether a tensor is one number, or one for each row."""
    return value.ndim == 0 or (value.ndim == 1 and len(value) in (1, rows))


def _is_place(value: torch.Tensor) -> bool:
    """Return whether a tensor in a list counts places along one axis, which all rows share."""
    return value.ndim == 1 and not value.is_floating_point()


def _padded(tensor: torch.Tensor, size: int) -> torch.Tensor:
    missing = size - len(tensor)
    if missing <= 0:
        return tensor
    return torch.cat([tensor, tensor[:1].expand(missing, *tensor.shape[1:])])


def _cast(value: Any, dtype: torch.dtype | None) -> Any:
    if dtype is None or not torch.is_tensor(value) or not value.is_floating_point():
        return value
    return value.to(dtype)
