"""Where, on the way from a better ancestor, the picture changed the most."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError
from evolve.session.archive import Picture
from populations.lineage.descent import line

if TYPE_CHECKING:
    from populations.core.population import Population

Embed = Callable[[Sequence[Picture]], NDArray[np.float64]]
"""Pictures to unit vectors, (n, width)."""


@dataclass(frozen=True, slots=True)
class Change:
    """One step on a line of descent, between two pictures."""

    before: int
    after: int
    pixels: float
    """Root mean square difference of their pixels, 0 (none) to 1 (black to white)."""
    meaning: float | None
    """1 - cos of their CLIP embeddings, 0 (alike) to 2; None without a CLIP."""


def changes(
    population: Population, individual: int, earlier: int, embed: Embed | None = None
) -> list[Change]:
    """Return the steps from `earlier` down to `individual`, in order.

    Those on the line that have no picture are stepped over.

    Raises:
        ArchiveError: `individual` does not descend from `earlier`, or one of the two is unpainted.
    """
    path = line(population.births(), individual, since=earlier)
    if len(path) < 2:
        raise ArchiveError(f"{individual} and {earlier} are the same individual: nothing changed")
    for end in (earlier, individual):
        population.painted(end)
    return [
        Change(
            before=one.individual,
            after=two.individual,
            pixels=_difference(one.picture, two.picture),
            meaning=_distance(one.vector, two.vector),
        )
        for one, two in pairwise(_seen(population, path, embed))
    ]


class _Seen(NamedTuple):
    """One picture of a line, and its embedding if there is one."""

    individual: int
    picture: Picture
    vector: NDArray[np.float64] | None


def _seen(population: Population, path: Sequence[int], embed: Embed | None) -> Iterator[_Seen]:
    """Yield what is painted of a line, one by one: a long line does not fit into memory."""
    for i in path:
        if (picture := population.picture(i)) is not None:
            yield _Seen(i, picture, None if embed is None else embed([picture])[0])


def _distance(one: NDArray[np.float64] | None, two: NDArray[np.float64] | None) -> float | None:
    return None if one is None or two is None else max(0.0, 1 - float(one @ two))


def most(changes: Sequence[Change]) -> Change:
    """Return the step that changed the most: in meaning where that is known, else in pixels."""
    return max(changes, key=lambda c: (c.pixels if c.meaning is None else c.meaning, c.pixels))


def _difference(a: Picture, b: Picture) -> float:
    if a.shape != b.shape:
        return 1.0
    return float(np.sqrt(np.mean((a.astype(np.float64) - b) ** 2))) / 255
