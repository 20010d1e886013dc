"""What judged pictures are like, as far as they can be compared."""

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
"""Returns what the picture of an individual is like: its embedding, or that and what a reader finds
in it (`evolve.scoring.looks.embedding.looks`); nothing if that is not known."""


Kind = tuple[tuple[str, int], ...]
"""Who made each part of what is known of a picture, and how wide it is: others cannot be compared
with it, unless they have more parts and begin with the same."""


class Looked(NamedTuple):
    """Pictures that can be compared."""

    kind: Kind
    individuals: list[int]
    vectors: NDArray[np.float64]
    """(n, d), a row for each of them: their parts, one after the other."""

    @property
    def lengths(self) -> list[float]:
        """How much each part counts."""
        return lengths_of(self.kind)

    @property
    def parts(self) -> list[slice]:
        """The columns of each part."""
        ends = list(accumulate(width for _, width in self.kind))
        return [slice(*each) for each in zip([0, *ends[:-1]], ends, strict=True)]


def lengths_of(kind: Kind) -> list[float]:
    """Return how much each part counts: their squares sum to 1.

    How a picture looks as a whole counts half of what the others do: more is predicted then of
    those who care for light and colours, and little less of those who do not at all
    (`benchmarks/portraits/taste_features.py`).
    """
    weights = [APPEARANCE_COUNTS if of == APPEARANCE else 1.0 for of, _ in kind]
    total = math.sqrt(sum(weight * weight for weight in weights))
    return [weight / total for weight in weights]


class Embeddings:
    """Reads what pictures are like, each once: it lies in the records of pictures."""

    def __init__(self, look: Look) -> None:
        """Read with `look`."""
        self._look = look
        self._known: dict[int, _Read] = {}
        self._kinds: dict[Kind, Kind] = {}  # each once, so that most are compared in no time

    def of(self, individuals: Sequence[int], kind: Kind | None = None) -> Looked:
        """Return what is known of these, as far as it is of one kind.

        Left out are those without an embedding, since they are not painted, or were painted by a
        version that kept none.

        Args:
            individuals: Which to look at.
            kind: What to take of each; None for what most of them have, and of that all that half
                of them have: pictures of an earlier version have no reading, and count as well.
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
    """Return what most have, with every further part that at least half of those have."""
    if kinds and all(kind is kinds[0] for kind in kinds):
        return kinds[0]
    first = Counter(kind[:1] for kind in kinds)
    wanted = max(first, key=lambda each: (first[each], each), default=())
    whole = Counter(kind for kind in kinds if kind[:1] == wanted)
    most = max(whole, key=lambda each: (whole[each], each), default=wanted)
    return most if 2 * whole[most] >= first[wanted] else wanted
