"""The prompt of a genome: texts with weights, and the rule by which the weights count.

By `SPLIT` texts of weights above 0 are written into the first text, the base, as far as their
weights say, and those of weights below 0 into the negative prompt:

    E = E(base) + L(max(0, w)),   N = E(negative) + L(max(0, -w))
    L(v) = sum_i (v_(i) - v_(i+1)) (E(base, c_(1), ..., c_(i)) - E(base)),   v_(1) >= v_(2) >= ...

where E(base, ...) is the encoding of all of it as one text, in the order in which it was typed, and
v_(n+1) = 0; in N the base is the negative prompt, or what the model takes for none. L is the
extension of "these texts are written" from weights 0 and 1 to all weights (Lovász 1983, eq. 1.9).
So where every weight is -1, 0 or 1, both are encodings of texts; each text is in encodings whose
shares sum to its weight, whatever the others weigh, so that none weakens another; small changes of
weights are small changes.

Where nothing is painted by the contrast to a negative prompt, below 0 leads away from the text in
the encodings, E = E(base) + L(max(0, w)) - L(max(0, -w)). That is no text's encoding, and from -1
on it may show what it leads away from. It is always painted so by `WRITTEN`, of format 1.4.

Genomes of earlier versions keep their rules. By `ADDED`, of format 1.3, each text is added to the
base as if there were no others, E = E(base) + sum_k w_k (E(base, c_k) - E(base)): the same for one
text, and for several further from any text that can be written. By `MIXED`, of formats before, each
text is encoded by itself, and their weighted mean is painted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from textwrap import shorten
from typing import Any

from evolve.errors import GenomeError
from evolve.genome import prompt_syntax
from evolve.plain_numbers import is_number
from evolve.text import clean, one_line

Parts = list[tuple[str, float]]
"""Texts whose encodings are averaged, with their weights in that mean."""

MAX_PROMPT = 2000
"""Characters in one concept; longer texts are an accident (a pasted file), not a prompt."""

SPLIT = "split"
WRITTEN = "written"
ADDED = "added"
MIXED = "mixed"
BASED = (SPLIT, WRITTEN, ADDED)
"""Rules by which the first text is a base for the others."""

LEAST, MOST = -1.5, 2.5
"""Range of the weights of texts that are added to a base."""

_MOST_MIXED = 10.0


@dataclass(frozen=True, slots=True)
class Concept:
    """A text with the weight it has in the prompt."""

    text: str
    weight: float = 1.0

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise GenomeError("the prompt is empty: describe what to paint in a few words")
        if any("\ud800" <= c <= "\udfff" for c in self.text):
            raise GenomeError("the prompt is not valid text: write it in UTF-8")
        if len(self.text) > MAX_PROMPT:
            raise GenomeError(
                f"the prompt has {len(self.text)} characters: use at most {MAX_PROMPT}"
            )

    def refusal(self, reason: str) -> GenomeError:
        """Return the error for an invalid weight."""
        quoted = shorten(one_line(self.text), 60, placeholder="…")
        return GenomeError(f"weight {self.weight:g} of '{quoted}' {reason}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """Weighted concepts, and what the picture should not show."""

    concepts: tuple[Concept, ...]
    negative: tuple[Concept, ...] = ()
    rule: str = MIXED
    """Of both, one of `BASED` or `MIXED`; `MIXED` if nothing is added to a base."""

    def __post_init__(self) -> None:
        if not self.concepts:
            raise GenomeError("the prompt is empty: describe what to paint in a few words")
        if self.rule not in (*BASED, MIXED):
            named = shorten(one_line(self.rule), 40, placeholder="…")
            raise GenomeError(f"unknown rule '{named}' of weights: made by a newer version?")
        require = _require_based if self.rule in BASED else _require_mixed
        for concepts in (self.concepts, self.negative):
            require(concepts)
        if len(self.concepts) == 1 and len(self.negative) < 2:
            object.__setattr__(self, "rule", MIXED)

    @classmethod
    def typed(cls, text: str, negative: str = "") -> Prompt:
        """Read a typed prompt: `a woman, line art | red hair :1.4 | glasses :-0.5`.

        The text before the first bar is the base and has no weight; each text behind a bar is
        written into it as far as its weight says, from -1.5 to 2.5 (default: 1); below 0, into the
        negative prompt. See `evolve.genome.prompt_syntax` for special characters. Control
        characters become spaces.
        """
        return cls._read(text, negative, SPLIT)

    @classmethod
    def parse(cls, text: str, negative: str = "") -> Prompt:
        """Read a prompt as versions before format 1.3 did: its texts are mixed, not added.

        Weights are above 0 and at most 10. A text without bars means the same to both.
        """
        return cls._read(text, negative, MIXED)

    @classmethod
    def _read(cls, text: str, negative: str, rule: str) -> Prompt:
        text, negative = clean(text), clean(negative)
        return cls(_parse(text), _parse(negative) if negative.strip() else (), rule)

    def __str__(self) -> str:
        return _write(self.concepts)

    @property
    def unwanted(self) -> str:
        """The negative prompt, as it is typed."""
        return _write(self.negative)

    def parts(self, *, contrasted: bool = True) -> tuple[Parts, Parts]:
        """Return what is encoded for the prompt and for the negative prompt.

        Args:
            contrasted: Whether guidance leads from the negative prompt to the prompt.
        """
        below = [c for c in self.concepts[1:] if c.weight < 0]
        if self.rule != SPLIT or not contrasted or not below:
            return encoded(self.concepts, self.rule), encoded(self.negative, self.rule)
        kept = [c for c in self.concepts if c not in below]
        nothing, others = "", self.negative
        if self.negative:
            nothing, others = self.negative[0].text, self.negative[1:]
        away = [replace(c, weight=-c.weight) for c in below]
        return encoded(kept, self.rule), _written(nothing, [*others, *away])

    def without_each(self) -> dict[str, Prompt]:
        """Return the prompts that lack one text that can be left out, by that text."""
        first = 1 if self.rule in BASED else 0
        if len(self.concepts) < 2:
            return {}
        return {
            one.text: replace(self, concepts=(*self.concepts[:k], *self.concepts[k + 1 :]))
            for k, one in enumerate(self.concepts)
            if k >= first and one.weight
        }

    def to_json(self) -> dict[str, Any]:
        """Return `{"concepts": [[text, weight]], "negative": [[text, weight]]}`.

        `"rule"` stands beside them if it is one of `BASED`.
        """
        data: dict[str, Any] = {
            "concepts": [[c.text, c.weight] for c in self.concepts],
            "negative": [[c.text, c.weight] for c in self.negative],
        }
        return data if self.rule == MIXED else {**data, "rule": self.rule}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Prompt:
        """Read what `to_json` wrote."""
        concepts, negative = data["concepts"], data.get("negative", ())
        return cls(_of_json(concepts), _of_json(negative), str(data.get("rule", MIXED)))


def encoded(concepts: Sequence[Concept], rule: str) -> Parts:
    """Return the texts whose encodings are averaged, with their weights in that mean.

    By the rules of `BASED` the weights sum to 1, and texts of weight 0 are left out, the base too:
    a single text of weight 1 is encoded as if it had been written.
    """
    if rule == MIXED or not concepts:
        return [(concept.text, concept.weight) for concept in concepts]
    base, *others = concepts
    if rule == ADDED:
        rest = 1.0 - math.fsum(other.weight for other in others)
        parts = [(_one_text(base.text, [other]), other.weight) for other in others]
        return [(text, weight) for text, weight in [(base.text, rest), *parts] if weight]
    return _written(base.text, others)


def _written(base: str, others: Sequence[Concept]) -> Parts:
    """Return texts with their weights, as they are written into a base; the base first."""
    parts: dict[str, float] = {base: 1.0}
    for sign in (1, -1):
        levels = sorted({0.0, *(sign * other.weight for other in others)}, reverse=True)
        levels = levels[: levels.index(0.0) + 1]
        parts[base] -= sign * levels[0]
        for level, below in pairwise(levels):
            text = _one_text(base, (o for o in others if sign * o.weight >= level))
            parts[text] = parts.get(text, 0.0) + sign * (level - below)
    return [(text, weight) for text, weight in parts.items() if weight]


def _of_json(concepts: Iterable[tuple[object, object]]) -> tuple[Concept, ...]:
    """Return concepts from JSON; a weight that is no number is refused as invalid."""
    return tuple(
        Concept(str(text), float(weight) if is_number(weight) else math.nan)
        for text, weight in concepts
    )


def _one_text(base: str, concepts: Iterable[Concept]) -> str:
    return ", ".join(text for text in (base, *(c.text for c in concepts)) if text)


def _require_mixed(concepts: Sequence[Concept]) -> None:
    for concept in concepts:
        if not math.isfinite(concept.weight) or not 0 < concept.weight <= _MOST_MIXED:
            raise concept.refusal(f"must be above 0 and at most {_MOST_MIXED:g}")


def _require_based(concepts: Sequence[Concept]) -> None:
    for concept in concepts[:1]:
        if concept.weight != 1:
            raise concept.refusal(
                "stands before the first bar, where words have none: leave it out, "
                "or write what it is for behind a bar, as in 'a woman | red hair :1.4'"
            )
    for concept in concepts[1:]:
        if not LEAST <= concept.weight <= MOST:
            raise concept.refusal(f"must be from {LEAST:g} to {MOST:g}")


def _parse(text: str) -> tuple[Concept, ...]:
    read = prompt_syntax.read(text)
    there = [bool(words.strip()) for words, _ in read]
    if any(there) and not all(there):
        quoted = shorten(one_line(text), 60, placeholder="…")
        raise GenomeError(f"no text on one side of a bar in '{quoted}': add it, or remove the bar")
    return tuple(Concept(*weighted) for weighted in read)


def _write(concepts: tuple[Concept, ...]) -> str:
    return prompt_syntax.write((concept.text, concept.weight) for concept in concepts)
