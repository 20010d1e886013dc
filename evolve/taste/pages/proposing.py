"""A page by taste, chosen among painted candidates.

The candidates that are not shown leave no trace. The choice depends on the answers, the seed and
the pictures of the candidates, which are the same whenever they are painted.

Two pictures nearer than `NOTICEABLE` count as copies of each other and are never shown together;
nor is a picture as near to its parent. If there are enough others the pictures are farther apart,
farthest while few are judged: a page explores then. The distance is that of embeddings, 1 for two
founders (`evolve.scoring.looks`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evolve.plain_numbers import is_int
from evolve.scoring.looks.distance import FEWEST, founders
from evolve.scoring.looks.embedding import Embedding
from evolve.search.individual import Individual
from evolve.search.operators import operator_of
from evolve.search.plan import MOST_AMONG
from evolve.taste.embeddings import Embeddings, Kind
from evolve.taste.pages.page import ALIKE
from evolve.taste.pages.slate import ROLE, Candidates, Placed, Recipe, Role, choose
from evolve.taste.taste import DIGITS, Taste

if TYPE_CHECKING:
    from evolve.search.search import Search

Floats = NDArray[np.float64]

NOTICEABLE = 0.25
"""Distance from which a person sees a difference (`benchmarks/tasting/copies.py`)."""

APART = (0.45, 0.4, 0.33, NOTICEABLE)
"""Least distances of the pictures of a page: the first that leaves enough of them."""
EXPLORES = 36
"""Judged pictures below which a page explores."""
EXPLORING = (0.6, 0.5)
"""Distances that are tried first then."""
RECIPE = Recipe(rare=("unsure",))
"""Without places for newcomers, the best so far or another kind: they would take places from
pictures that are expected to be liked, among which they may be anyway
(`python -m benchmarks.taste --stand-in`)."""

AMONG = "among"
"""Parameter of an origin: the number of candidates among which a picture was chosen."""


def proposed(
    search: Search,
    taste: Taste,
    born: Sequence[Individual],
    looks: Mapping[int, Sequence[Embedding]],
    count: int,
    *,
    known: Embeddings,
    fills: bool = False,
) -> list[Individual]:
    """Return a page of candidates in their order, with ids from the next one on.

    Their origins have their roles. There are fewer where many are copies, or cannot be compared,
    unless it is filled with the least alike of the others. The search is not changed. The looks of
    the candidates are by place, empty for one that could not be painted; `known` are those of
    individuals.
    """
    painted = Embeddings(looks.get)
    seen, expected = taste.of(range(len(born)), painted)
    kinds = np.array([operator_of(born[k].origin.operator).kind for k in seen])
    apart = _apart(search, taste.kind, painted, known, [born[k] for k in seen], seen)
    rows = Candidates(*expected, taste.likeness(seen, painted), kinds == "new")
    chosen: list[Placed] = []
    for distance in (*EXPLORING, *APART) if taste.judged < EXPLORES else APART:
        near = apart < distance
        np.fill_diagonal(near, apart.diagonal() < NOTICEABLE)
        if seen:
            chosen = choose(rows._replace(copies=near), count, alike=ALIKE, recipe=RECIPE)
        if len(chosen) == count:
            break
    roles: dict[int, Role | None] = {seen[pick.candidate]: pick.role for pick in chosen}
    if fills:
        _fill(roles, seen, apart, len(born), count)
    return [
        _named(born[place], roles[place], id, len(born))
        for id, place in enumerate(sorted(roles), start=len(search.births))
    ]


def among_of(params: Mapping[str, object]) -> int:
    """Return the number of candidates among which a picture was chosen; 0 for no choice."""
    among = params.get(AMONG)
    return among if is_int(among, 1, MOST_AMONG) else 0


def _apart(
    search: Search,
    kind: Kind,
    painted: Embeddings,
    known: Embeddings,
    born: Sequence[Individual],
    seen: Sequence[int],
) -> Floats:
    """Return the distances of candidates, (n, n), on the diagonal from their parents.

    Unknown distances are infinite.
    """
    first = kind[:1]
    vectors = painted.of(seen, first).vectors
    unit = _unit(known.of(founders(search.births), first).vectors)
    if unit is None:
        return np.full((len(seen), len(seen)), np.inf)
    apart = _chords(vectors, vectors)
    np.fill_diagonal(apart, np.inf)
    for row, one in enumerate(born):
        if one.parents:
            parents = known.of(one.parents, first).vectors
            if len(parents):
                apart[row, row] = _chords(vectors[row : row + 1], parents).min()
    return np.asarray(np.round(apart / unit, DIGITS), np.float64)


def _unit(vectors: Floats) -> float | None:
    """Return the median distance of two founders; None for too few."""
    chords = _chords(vectors, vectors)[np.triu_indices(len(vectors), 1)]
    middle = float(np.median(chords)) if len(vectors) >= FEWEST else 0.0
    return middle if middle > 0 else None


def _chords(vectors: Floats, others: Floats) -> Floats:
    lengths = np.square(vectors).sum(1)[:, None] + np.square(others).sum(1)
    return np.asarray(np.sqrt(np.clip(lengths - 2 * vectors @ others.T, 0, None)), np.float64)


def _fill(
    roles: dict[int, Role | None], seen: Sequence[int], apart: Floats, born: int, count: int
) -> None:
    """Fill a page with those farthest from it, then with those without a picture."""
    rows = [row for row, place in enumerate(seen) if place in roles]
    left = [row for row, place in enumerate(seen) if place not in roles]
    while left and len(roles) < count:
        best = max(left, key=lambda row: (min(apart[row, rows], default=np.inf), -row))
        roles[seen[best]] = None
        rows.append(best)
        left.remove(best)
    for place in range(born):
        if len(roles) < count:
            roles.setdefault(place, None)


def _named(individual: Individual, role: Role | None, id: int, among: int) -> Individual:
    noted = {**({} if role is None else {ROLE: role}), AMONG: among}
    return replace(individual, id=id, origin=individual.origin.plus(noted))
