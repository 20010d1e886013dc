"""A page by taste: more children than are shown, and of those the page that should be liked most.

The children that are not shown leave no trace. Which are depends on the answers, the seed and the
pictures of the candidates, which are the same whenever they are painted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from evolve.scoring.embedding import Embedding
from evolve.search import Search
from evolve.search.individual import Individual, Origin
from evolve.search.operators import operator_of
from evolve.taste.embeddings import Embeddings
from evolve.taste.slate import ROLES, Candidates, Role, choose
from evolve.taste.taste import Taste

ALIKE = 0.97
"""Likeness to a taste from which two pictures count as near-duplicates."""
ROLE = "role"
"""Parameter of an origin that says why a picture is on its page."""


def candidates(searching: Callable[[], Search], count: int, page: int) -> list[Individual]:
    """Return children to choose a page from, in an order that is always the same.

    Args:
        searching: Makes the search that stands on what is saved; each batch of a page begins anew.
        count: How many.
        page: Pictures on a page.
    """
    found: list[Individual] = []
    while len(found) < count:
        search, batch = searching(), len(found) // page
        search.seed = _seed(search.seed, batch)
        for born in search.ask(min(page, count - len(found))):
            params = {**born.origin.params, **({"seed": search.seed} if batch else {})}
            found.append(replace(born, origin=Origin(born.origin.operator, params)))
    return found


def proposed(
    taste: Taste,
    born: Sequence[Individual],
    looks: Mapping[int, Embedding],
    count: int,
    first: int,
) -> list[tuple[int, Individual]]:
    """Return a page of them: their places among the candidates, and they with ids from `first`.

    Each says in its origin why it is shown. Where too few can be compared, others fill the page.

    Args:
        taste: What was learnt.
        born: The candidates.
        looks: Embeddings of their pictures, by place.
        count: Pictures on the page.
        first: Id of the first of them.
    """
    seen, expected = taste.of(range(len(born)), Embeddings(looks.get))
    likeness = taste.likeness(seen, Embeddings(looks.get))
    fresh = np.array([operator_of(born[k].origin.operator).kind == "new" for k in seen], np.bool_)
    chosen = choose(Candidates(*expected, likeness, fresh), count, alike=ALIKE) if seen else []
    roles: dict[int, Role | None] = {seen[pick.candidate]: pick.role for pick in chosen}
    for place in range(len(born)):
        if len(roles) < count:
            roles.setdefault(place, None)
    return [
        (place, _named(born[place], roles[place], id))
        for id, place in enumerate(sorted(roles), start=first)
    ]


def why(params: Mapping[str, object]) -> str:
    """Return why a picture is on its page, from the record of its making; empty if it just is."""
    role = params.get(ROLE)
    return next((text for known, text in ROLES.items() if known == role), "")


def _named(individual: Individual, role: Role | None, id: int) -> Individual:
    origin = individual.origin
    params = {**origin.params, **({} if role is None else {ROLE: role})}
    return replace(individual, id=id, origin=Origin(origin.operator, params))


def _seed(seed: int, batch: int) -> int:
    """Return the seed of a batch of candidates; the first has the population's own."""
    if not batch:
        return seed
    return int.from_bytes(hashlib.sha256(f"{seed} candidates {batch}".encode()).digest()[:4], "big")
