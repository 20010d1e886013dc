"""The embeddings of judged pictures, as far as they can be compared."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.scoring.looks.appearance import NAME as APPEARANCE
from evolve.scoring.looks.embedding import Embedding

APPEARANCE_COUNTS = 0.5

Look = Callable[[int], Embedding | Sequence[Embedding] | None]
"""Returns the embedding of an individual's picture, or several (`evolve.scoring.looks.embedding`);
nothing if unknown."""


Kind = tuple[tuple[str, int], ...]
"""Embedder and width of each part of a picture's vector. Vectors can be compared if their kinds are
the same, or one begins with the other."""


class Looked(NamedTuple):
    """Pictures that can be compared."""

    kind: Kind
    individuals: list[int]
    vectors: NDArray[np.float64]
    """(n, d), a row for each of them: their parts joined."""

    @property
    def lengths(self) -> list[float]:
        """The weight of each part."""
        return lengths_of(self.kind)

    @property
    def parts(self) -> list[slice]:
        """The columns of each part."""
        ends = list(accumulate(width for _, width in self.kind))
        return [slice(*each) for each in zip([0, *ends[:-1]], ends, strict=True)]


def lengths_of(kind: Kind) -> list[float]:
    """Return the weight of each part; their squares sum to 1.

    Appearance counts half as much as the others: predictions are better then for people who care
    for light and colours, and hardly worse for others (`benchmarks/portraits/taste_features.py`).
    """
    weights = [APPEARANCE_COUNTS if of == APPEARANCE else 1.0 for of, _ in kind]
    total = math.sqrt(sum(weight * weight for weight in weights))
    return [weight / total for weight in weights]


class Embeddings:
    """Reads the embeddings of pictures from their records, each once."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._known: dict[int, _Read] = {}
        self._kinds: dict[Kind, Kind] = {}  # one object for each, so that they compare fast

    def of(self, individuals: Sequence[int], kind: Kind | None = None) -> Looked:
        """Return the vectors of these individuals, as far as they are of one kind.

        Individuals without an embedding are left out. The default kind is the first part that most
        have, with the further parts that half of those have: pictures of an earlier version have no
        reading.
        """
        looks = [(i, look) for i in individuals if (look := self._read(i)) is not None]
        wanted = _usual([look.kind for _, look in looks]) if kind is None else kind
        kept = [
            (i, look)
            for i, look in looks
            if look.kind is wanted or look.kind[: len(wanted)] == wanted
        ]
        width = max(1, sum(part for _, part in wanted))
        rows = [look.vector[:width] for _, look in kept]
        vectors = np.array(rows, np.float64) if rows else np.zeros((0, width))
        return Looked(wanted or (("", 1),), [i for i, _ in kept], vectors)

    def _read(self, individual: int) -> _Read | None:
        known = self._known.get(individual)
        if known is None and (look := self._look(individual)) is not None:
            parts = (look,) if isinstance(look, Embedding) else tuple(look)
            if parts:
                kind = tuple((part.of, len(part.vector)) for part in parts)
                kind = self._kinds.setdefault(kind, kind)
                known = _Read(kind, np.concatenate([part.vector for part in parts]))
                self._known[individual] = known
        return known


class _Read(NamedTuple):
    kind: Kind
    vector: NDArray[np.float16]


def _usual(kinds: Sequence[Kind]) -> Kind:
    """Return the first part that most have, with the further ones that half of those have."""
    if kinds and all(kind is kinds[0] for kind in kinds):
        return kinds[0]
    first = Counter(kind[:1] for kind in kinds)
    wanted = max(first, key=lambda each: (first[each], each), default=())
    whole = Counter(kind for kind in kinds if kind[:1] == wanted)
    most = max(whole, key=lambda each: (whole[each], each), default=wanted)
    return most if 2 * whole[most] >= first[wanted] else wanted
