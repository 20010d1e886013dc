"""Variety in a pipeline: encoded words are shifted, whatever form they have in a family.

Comparison with an encoding of no words shows which arrays belong to the words. If there is a mask,
nothing is added where it is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import torch

from evolve.genome import Genome
from evolve.genome.variety import Variety, pattern
from evolve.rendering.batching.nested import combined, leaves


@dataclass(frozen=True, slots=True)
class Shift:
    """How the words of one genome are shifted."""

    strength: float
    """In deviations of the encoding, 0.01 to 2."""
    variety: Variety


def shift_of(genome: Genome) -> Shift | None:
    """Return how the words of a genome are shifted; None if they are not."""
    strength = genome.settings.variety
    if strength is None or genome.variety is None:
        return None
    return Shift(strength, genome.variety)


def shifted(encoded: Any, plain: Any, without: Any, shift: Shift) -> Any:
    """Return an encoding with its words shifted.

    Args:
        encoded: What a pipeline's `encode_prompt` returned, or a mean of several.
        plain: What it returned for one of the texts.
        without: What it returned for no text, all else being equal.
        shift: How they are shifted.
    """
    arrays, places = list(leaves(encoded)), count()

    def moved(each: Sequence[Any]) -> Any:
        array, own, empty = each
        place = next(places)
        if not torch.is_tensor(own) or not own.is_floating_point() or is_mask(own):
            return array
        if torch.is_tensor(empty) and own.shape == empty.shape and torch.equal(own, empty):
            return array
        return _moved(array, _mask_of(arrays, place), place, shift)

    return combined([encoded, plain, without], moved)


def is_mask(values: torch.Tensor) -> bool:
    """Return whether these numbers are all 0 or 1, as in the masks of some families."""
    return bool(((values == 0) | (values == 1)).all())


def _mask_of(arrays: list[Any], place: int) -> torch.Tensor | None:
    """Return the mask of an array of tokens: the first behind it that has their number."""
    tokens = arrays[place].shape[:-1]
    for other in arrays[place + 1 :]:
        if torch.is_tensor(other) and other.shape == tokens and is_mask(other):
            return other
    return None


def _moved(
    array: torch.Tensor, mask: torch.Tensor | None, place: int, shift: Shift
) -> torch.Tensor:
    values = array.float()
    counts = torch.ones_like(values[..., :1]) if mask is None else mask.float()[..., None]
    power = (values.square() * counts).sum() / (counts.sum() * values.shape[-1]).clamp(min=1)
    drawn = torch.from_numpy(pattern(shift.variety.draws, place, array.shape)).to(array.device)
    return (values + shift.strength * power.sqrt() * drawn * counts).to(array.dtype)
