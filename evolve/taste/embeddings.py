"""The embeddings of judged pictures, as far as they can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.scoring.embedding import Embedding

Look = Callable[[int], Embedding | None]
"""Returns what the picture of an individual is like, None if that is not known."""


Kind = tuple[str, int]
"""Who made an embedding, and how wide it is: others cannot be compared with it."""


class Looked(NamedTuple):
    """Pictures that can be compared."""

    kind: Kind
    individuals: list[int]
    vectors: NDArray[np.float64]
    """(n, d), a row for each of them."""


class Embeddings:
    """Reads embeddings, each once: they lie in the records of pictures."""

    def __init__(self, look: Look) -> None:
        """Read with `look`."""
        self._look = look
        self._known: dict[int, Embedding] = {}

    def of(self, individuals: Sequence[int], kind: Kind | None = None) -> Looked:
        """Return what is known of these, as far as it is of one kind.

        Left out is who has no embedding, since it is not painted, or was painted by a version that
        kept none.

        Args:
            individuals: Whom to look at.
            kind: Which embeddings to take; None for those that most of them have.
        """
        looks = [(i, look) for i in individuals if (look := self._read(i)) is not None]
        kinds = Counter(kind_of(look) for _, look in looks)
        wanted = kind or max(kinds, key=lambda each: (kinds[each], each), default=("", 1))
        kept = [(i, look.vector) for i, look in looks if kind_of(look) == wanted]
        vectors = np.array([vector for _, vector in kept], np.float64).reshape(-1, wanted[1])
        return Looked(wanted, [i for i, _ in kept], vectors)

    def _read(self, individual: int) -> Embedding | None:
        known = self._known.get(individual)
        if known is None and (known := self._look(individual)) is not None:
            self._known[individual] = known
        return known


def kind_of(look: Embedding) -> Kind:
    """Return the kind of an embedding."""
    return look.of, len(look.vector)
