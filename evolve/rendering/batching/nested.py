"""Values in mappings, lists and tuples, as pipelines take arguments and return encodings."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import torch


def leaves(value: Any) -> Iterator[Any]:
    """Yield what is in nested mappings, lists and tuples, in order."""
    if isinstance(value, Mapping | list | tuple):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from leaves(each)
    else:
        yield value


def tensors_of(value: Any) -> Iterator[torch.Tensor]:
    """Return all tensors in it, in order."""
    return filter(torch.is_tensor, leaves(value))


def same_bits(a: Any, b: Any) -> bool:
    """Return whether all tensors in two values are the same, bit for bit: so is NaN."""
    pairs = itertools.zip_longest(tensors_of(a), tensors_of(b))
    return all(x is not None and y is not None and _same_bits(x, y) for x, y in pairs)


def mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return the same nesting of mappings, lists and tuples with each leaf changed, in order."""
    if isinstance(value, Mapping):
        changed = {name: mapped(each, change) for name, each in value.items()}
        # diffusers' outputs are mappings that rebuild from keywords
        return changed if type(value) is dict else type(value)(**changed)
    if isinstance(value, list | tuple):
        return type(value)(mapped(each, change) for each in value)
    return change(value)


def combined(values: Sequence[Any], combine: Callable[[Sequence[Any]], Any]) -> Any:
    """Return values of one nesting as one, each leaf made of those at its place, in order."""
    places = zip(*map(leaves, values), strict=True)
    return mapped(values[0], lambda _: combine(next(places)))


def each_tensor(value: Any, change: Callable[[torch.Tensor], torch.Tensor]) -> Any:
    """Return the same with each tensor changed."""
    return mapped(value, lambda leaf: change(leaf) if torch.is_tensor(leaf) else leaf)


def _same_bits(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.dtype == b.dtype and a.shape == b.shape and torch.equal(_bits(a), _bits(b))


def _bits(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().contiguous().reshape(-1).view(torch.uint8)
