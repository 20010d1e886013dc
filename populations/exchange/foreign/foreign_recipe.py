"""The recipe of another program, as far as it means something here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from evolve.genome import MAX_PROMPT, Concept, Prompt
from evolve.text import clean

Weighted = tuple[str, float]
"""A text and its weight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignRecipe:
    """What another program recorded of a picture."""

    tool: str
    prompt: tuple[Weighted, ...] = ()
    """Empty if the file does not say what it shows."""
    negative: tuple[Weighted, ...] = ()
    seed: int | None = None
    """From 0 to 2^64 - 1; None if it was not recorded."""
    source: Literal["cpu", "cuda"] = "cpu"
    """What drew its noise."""
    channels: int = 4
    """Of its noise."""
    steps: int | None = None
    sampler: str | None = None
    """A sampler of fancier; None if there is none like it."""
    sampler_name: str = ""
    guidance: float | None = None
    size: tuple[int, int] | None = None
    """Width and height in pixels."""
    model: str = ""
    left_out: tuple[str, ...] = ()
    """Names of what is not taken over, whatever the population."""
    loras: Mapping[str, float] = field(default_factory=dict)
    """Weights of LoRAs by name; a population that has the same takes them over."""

    def __post_init__(self) -> None:
        if not 0 <= (self.steps or 0) < 10**6:
            raise ValueError("its number of steps is invalid")
        for name in ("tool", "sampler_name", "model"):
            object.__setattr__(self, name, clean(getattr(self, name)))
        object.__setattr__(self, "left_out", tuple(map(clean, self.left_out)))
        weights = {clean(name): weight for name, weight in self.loras.items()}
        object.__setattr__(self, "loras", weights)
        for name in ("prompt", "negative"):
            cleaned = [(clean(text).strip(), weight) for text, weight in getattr(self, name)]
            object.__setattr__(self, name, tuple((t, w) for t, w in cleaned if t))

    def words(self, default: Prompt) -> Prompt:
        """Return its prompt; `default` in place of what it does not say."""
        return Prompt(
            concepts_of(self.prompt) or default.concepts,
            concepts_of(self.negative) or (() if self.prompt else default.negative),
        )


def concepts_of(texts: Iterable[Weighted]) -> tuple[Concept, ...]:
    """Return concepts, with texts cut to what a concept may hold."""
    return tuple(Concept(shortened(text), weight) for text, weight in texts)


def shortened(text: str) -> str:
    """Return a text with at most as many characters as a concept may have, in whole words."""
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)  # halves of characters, from damaged JSON
    if len(text) <= MAX_PROMPT:
        return text
    return (text[:MAX_PROMPT].rsplit(maxsplit=1) or [""])[0].rstrip(" ,") or text[:MAX_PROMPT]
