"""A page by taste: more children than are shown, and of those the page that should be liked most.

The children that are not shown leave no trace. Which are depends on the answers, the seed and the
pictures of the candidates, which are the same whenever they are painted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from evolve.scoring.embedding import Embedding
from evolve.search.individual import Individual, Origin
from evolve.search.operators import operator_of
from evolve.taste.embeddings import Embeddings
from evolve.taste.page import ALIKE
from evolve.taste.slate import ROLE, ROLES, SIGNS, Candidates, Role, choose
from evolve.taste.taste import Taste


def proposed(
    taste: Taste,
    born: Sequence[Individual],
    looks: Mapping[int, Sequence[Embedding]],
    count: int,
    first: int,
) -> list[tuple[int, Individual]]:
    """Return a page of them: their places among the candidates, and they with ids from `first`.

    Each says in its origin why it is shown. Where too few can be compared, others fill the page.

    Args:
        taste: What was learnt.
        born: The candidates.
        looks: What their pictures are like, by place.
        count: Pictures on the page.
        first: Id of the first of them.
    """
    seen, expected = taste.of(range(len(born)), Embeddings(looks.get))
    likeness = taste.likeness(seen, Embeddings(looks.get))
    kinds = np.array([operator_of(born[k].origin.operator).kind for k in seen])
    rows = Candidates(*expected, likeness, kinds == "new", kinds == "keep")
    chosen = choose(rows, count, alike=ALIKE) if seen else []
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


def sign(params: Mapping[str, object]) -> str:
    """Return the same in a few letters."""
    role = params.get(ROLE)
    return next((text for known, text in SIGNS.items() if known == role), "")


def _named(individual: Individual, role: Role | None, id: int) -> Individual:
    origin = individual.origin
    params = {**origin.params, **({} if role is None else {ROLE: role})}
    return replace(individual, id=id, origin=Origin(origin.operator, params))
