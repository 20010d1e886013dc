"""Sights: the embeddings of a picture from which distances are measured.

A CLIP sees what is shown: it notices new glasses, but for it a shift by two pixels is half as much
as another person. The picture at a few cells shows how much of it changed, and misses the glasses.
Both together agree best with independent judges (`benchmarks/results/sizes.md`), so both count
alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evolve.scoring.looks.embedding import KEY, Embedding, chord, look_of

CELLS = "cells"
"""Key of the picture at a few cells in its record, beside its embedding by a CLIP."""


@dataclass(frozen=True, slots=True)
class Sight:
    """The embeddings of a picture by one or several embedders."""

    parts: tuple[Embedding, ...]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Sight | None:
        """Read a sight from the record of a picture; None without an embedding.

        Records of earlier versions have no cells.
        """
        known = Embedding.from_record(record)
        cells = Embedding.from_record(record, CELLS)
        return None if known is None else cls((known,) if cells is None else (known, cells))

    def to_json(self) -> dict[str, dict[str, str]]:
        """Return the sight as plain JSON values, for the record of a picture."""
        return {key: part.to_json() for key, part in zip((KEY, CELLS), self.parts, strict=False)}

    @property
    def kinds(self) -> tuple[str, ...]:
        """Names of the embedders."""
        return tuple(part.of for part in self.parts)

    def chord(self, other: Sight, kind: str) -> float | None:
        """Return |e_a - e_b| by one embedder; None if it has not seen both."""
        return chord(look_of(self.parts, kind), look_of(other.parts, kind))


def shared(sights: Iterable[Sight]) -> tuple[str, ...]:
    """Return the embedders that have seen all pictures."""
    kinds = [sight.kinds for sight in sights]
    return tuple(k for k in (kinds[0] if kinds else ()) if all(k in own for own in kinds))
