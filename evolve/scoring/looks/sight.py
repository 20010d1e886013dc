"""Sights: what a picture is like, where it counts how far it is from another.

A CLIP sees what is shown: it notices that glasses appeared, but a shift by two pixels is to it half
as much as another person. The picture at a few cells shows how much of it changed, evenly, and
misses the glasses. Both together agree best with what independent judges find changed
(`benchmarks/results/sizes.md`), so both count alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evolve.scoring.looks.embedding import KEY, Embedding, chord, look_of

CELLS = "cells"
"""What a picture at a few cells is called in its record, beside its embedding by a CLIP."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a picture is like, to one or several embedders."""

    parts: tuple[Embedding, ...]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Sight | None:
        """Read it from the record of a picture; None where there is no embedding.

        What versions painted that knew of no cells is seen by its embedding alone.
        """
        known = Embedding.from_record(record)
        cells = Embedding.from_record(record, CELLS)
        return None if known is None else cls((known,) if cells is None else (known, cells))

    def to_json(self) -> dict[str, dict[str, str]]:
        """Return it as the record of a picture holds it."""
        return {key: part.to_json() for key, part in zip((KEY, CELLS), self.parts, strict=False)}

    @property
    def kinds(self) -> tuple[str, ...]:
        """What looked at it."""
        return tuple(part.of for part in self.parts)

    def chord(self, other: Sight, kind: str) -> float | None:
        """Return |e_a - e_b| to one embedder; None if it has not seen both."""
        return chord(look_of(self.parts, kind), look_of(other.parts, kind))


def shared(sights: Iterable[Sight]) -> tuple[str, ...]:
    """Return the embedders that have seen all pictures."""
    kinds = [sight.kinds for sight in sights]
    return tuple(k for k in (kinds[0] if kinds else ()) if all(k in own for own in kinds))
