"""Weighted prompts for any pipeline, by texts that it encodes itself.

A pipeline gets its prompt as a text with parts (`evolve.genome.Prompt.parts`). When it encodes
the prompt, each part is encoded alone and the weighted mean is returned, in the form of the family:
one tensor, several, with masks, in lists.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import repeat
from typing import Any, Self

import torch

from evolve.genome.prompt import BASED, MIXED, Parts
from evolve.recent import Recent
from evolve.rendering.batching.nested import combined, leaves, mapped
from evolve.rendering.pacing.texts import RowsRead
from evolve.rendering.pacing.unhurried import Unhurried
from evolve.rendering.pipeline.long_texts import LongTexts, Pieces, encode_whole
from evolve.rendering.pipeline.shift import Shift, is_mask, shifted

REMEMBERED = 64
"""Encoded texts that are kept: a population has few, and those of large models take megabytes."""


class WeightedText(str):
    """A text with the parts that are encoded for it."""

    parts: Parts
    rule: str
    shift: Shift | None
    nothing: str
    """An empty text, encoded in as many pieces as the parts."""

    def __new__(cls, parts: Parts, rule: str = MIXED, shift: Shift | None = None) -> Self:
        """Return the parts as one text."""
        text = super().__new__(cls, ", ".join(part for part, _ in parts if part))
        text.parts, text.rule, text.shift = parts, rule, shift
        text.nothing = ""
        return text

    def divide(self, texts: LongTexts, count: int) -> None:
        """Have all parts encoded in `count` pieces."""
        self.parts = [(Pieces.of(texts.pieces(part), count), w) for part, w in self.parts]
        self.nothing = Pieces.of((), count)


class Encoder:
    """Keeps encoded texts, so that other weights of the same texts cost nothing."""

    def __init__(self) -> None:
        self._known = Recent[str, tuple[Any, RowsRead]](REMEMBERED)

    def forget(self) -> None:
        """Keep none of the encoded texts."""
        self._known.clear()

    def serve(
        self,
        pipeline: Any,
        *,
        key: str = "",
        rows: RowsRead | None = None,
        within: Callable[[], AbstractContextManager[None]] = nullcontext,
        long_texts: LongTexts | None = None,
    ) -> None:
        """Replace `encode_prompt` of a pipeline, a copy of its own.

        Args:
            pipeline: Its prompts are weighted and kept.
            key: What else the encoding depends on.
            rows: In how many rows its encoders read; what is kept was read in the same.
            within: Makes the context in which texts are encoded.
            long_texts: Divides texts that are longer than its encoders read; None to cut them off.
        """
        encode = pipeline.encode_prompt
        rows = set() if rows is None else rows
        # SDXL takes zeros for no negative prompt, and not what it encodes for an empty one: a text
        # that is hardly written into none must hardly change that.
        zeros = getattr(pipeline, "config", {}).get("force_zeros_for_empty_prompt", False)

        def remembered(*args: Any, **kwargs: Any) -> Any:
            if zeros and kwargs.get("negative_prompt") == "":
                kwargs["negative_prompt"] = None
            asked = f"{key} {args!r} {kwargs!r}"
            if asked not in self._known:
                others = rows.copy()
                rows.clear()
                with within(), Unhurried():
                    encoded = encode_whole(encode, args, kwargs)
                self._known[asked] = encoded, rows.copy()
                rows.update(others)
            encoded, read = self._known[asked]
            rows.update(read)
            return encoded

        @functools.wraps(encode)
        def encode_prompt(*args: Any, **kwargs: Any) -> Any:
            if long_texts is not None:
                prompts = list(_words((args, kwargs)))
                count = long_texts.count([text for prompt in prompts for text, _ in prompt.parts])
                for prompt in prompts if count > 1 else ():
                    prompt.divide(long_texts, count)
            return _shifted(remembered, args, kwargs, _encoded(remembered, args, kwargs))

        pipeline.__dict__["encode_prompt"] = encode_prompt


def _shifted(
    encode: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], mean: Any
) -> Any:
    """Return the encoded prompts, with words shifted if a prompt asks for it."""
    prompts = list(_words((args, kwargs)))
    shift = next((prompt.shift for prompt in prompts if prompt.shift), None)
    if shift is None:
        return mean
    plain, without = (
        _replaced((args, kwargs), iter([None if gone and p.shift else 0 for p in prompts]))
        for gone in (False, True)
    )
    return shifted(mean, encode(*plain[0], **plain[1]), encode(*without[0], **without[1]), shift)


def _encoded(encode: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Encode prompts, each of their parts in turn beside the first ones of the others."""
    prompts = list(_words((args, kwargs)))
    if all(len(prompt.parts) < 2 for prompt in prompts):
        given = _replaced((args, kwargs), repeat(0))
        return encode(*given[0], **given[1])
    variants: list[tuple[WeightedText, list[Any]]] = []
    for varied in prompts:
        row = []
        for k in range(len(varied.parts)):
            places = [k if prompt is varied else 0 for prompt in prompts]
            given = _replaced((args, kwargs), iter(places))
            row.append(encode(*given[0], **given[1]))
        variants += [(varied, row)] if row else []
    mean = variants[0][1][0]
    for prompt, row in reversed(variants):  # what varies with several follows the first
        mean = combined([mean, *row], functools.partial(_mixed, prompt))
    return mean


def _mixed(prompt: WeightedText, encoded: Sequence[Any]) -> Any:
    """Return the mean over a prompt's parts of what varies with them, else the first as it is."""
    first, *row = encoded
    if not torch.is_tensor(first) or all(
        each.shape == row[0].shape and torch.equal(each, row[0]) for each in row
    ):
        return first
    return _mean(row, [weight for _, weight in prompt.parts], prompt.rule)


def _mean(tensors: list[torch.Tensor], weights: list[float], rule: str) -> torch.Tensor:
    """Return the weighted mean; of masks, their union. Shorter texts are filled with zeros."""
    shape = [max(sizes) for sizes in zip(*(t.shape for t in tensors), strict=True)]
    filled = []
    for tensor in tensors:
        room = tensor.new_zeros(shape)
        room[tuple(slice(n) for n in tensor.shape)] = tensor
        filled.append(room)
    stacked = torch.stack(filled)
    if not stacked.is_floating_point() or (rule in BASED and is_mask(stacked)):
        return stacked.amax(0)
    total = sum(weights)
    if rule in BASED and stacked.dtype.itemsize < 4:  # small weights would be lost in rounding
        filled = [tensor.float() for tensor in filled]
    mean = torch.stack([w / total * t for w, t in zip(weights, filled, strict=True)]).sum(0)
    return mean.to(stacked.dtype)


def _words(value: Any) -> Iterator[WeightedText]:
    return (each for each in leaves(value) if isinstance(each, WeightedText))


def _replaced(value: Any, places: Iterator[int | None]) -> Any:
    """Return `value` with one part for each prompt in it, by its place; None for no words."""

    def part(each: Any) -> Any:
        if not isinstance(each, WeightedText):
            return each
        place = next(places)
        return each.parts[place][0] if each.parts and place is not None else each.nothing

    return mapped(value, part)
