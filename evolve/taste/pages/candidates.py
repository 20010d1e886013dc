"""Candidates: children that are painted so that a page can be chosen among them.

They may be bolder than those of an unpainted page, for failures are not shown. They follow from the
set of parents, hardly from the fitness of each: another answer exchanges few of them, so most can
be painted before the last answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evolve.errors import PicturesMissing
from evolve.search.individual import Individual
from evolve.search.operators import FOUND, MUTATE
from evolve.search.plan import MOST_TIMES, Plan
from evolve.search.search import LooksOf, Search
from evolve.taste.embeddings import Embeddings
from evolve.taste.pages.page import MadeBefore, Thought, born_of, crosses_on, pool_of
from evolve.taste.pages.proposing import proposed
from evolve.taste.taste import Taste

TURNS = (20.0, 30.0, 45.0)
"""Degrees by which a parent is turned: near, farther, far."""
CROSSED = 22.0
"""Degrees of crosses."""
NEW = 0.15
"""Share of newcomers: they show what the parents do not lead to, and no answer exchanges them."""


def candidates_of(plan: Plan, count: int, times: float) -> int:
    """Return the number of candidates of a page of `count`; `count` for no choice.

    Unless planned, there are `times` as many as pictures.
    """
    return max(count, min(plan.among or round(times * count), MOST_TIMES * count))


def to_paint(pool: Sequence[int], count: int, menu: Mapping[str, float]) -> list[Thought]:
    """Return the children that are to be painted, of a pool with the fittest parent first.

    Each parent has as many, near and far; every fourth is a cross with the fittest. The k-th child
    of a parent depends on nothing else.
    """
    crosses = crosses_on(menu)
    newcomers = max(1, round(count * NEW))
    found = list[Thought]()
    for k in range(count - newcomers):
        parent, turn = pool[k % len(pool)], k // len(pool)
        mate = next((other for other in pool if other != parent), None)
        if turn % 4 == 2 and crosses and mate is not None:
            cross = crosses[(parent + turn // 4) % len(crosses)]
            found.append(Thought(cross, (parent, mate), CROSSED))
        else:
            angle = TURNS[(0, 1, 0, 2)[turn % 4]]
            found.append(Thought(MUTATE.name, (parent,), angle))
    return found + [Thought(FOUND.name)] * newcomers


def page_among(
    search: Search,
    taste: Taste,
    fit: Mapping[int, float],
    count: int,
    among: int,
    looks_of: LooksOf,
    *,
    known: Embeddings,
    made: MadeBefore,
) -> list[Individual]:
    """Return the page that is chosen among a number of candidates; it is not born yet.

    The search is not changed. `made` has candidates of this page that were made before, for other
    answers.

    Raises:
        PicturesMissing: Some of them are not painted.
    """
    thought = to_paint(pool_of(taste, fit).parents, among, search.menu)
    # Later children have the ids of those that are not shown: they must not draw the same noise.
    purpose, page = f"candidate of {len(search.births)}", list[Individual]()
    for fills in (False, True):
        born = born_of(search, [(each, None) for each in thought], purpose, made)
        seen = ((place, looks_of(one.genome)) for place, one in enumerate(born))
        looks = {place: look for place, look in seen if look is not None}
        if len(looks) < len(born):
            raise PicturesMissing([one.genome for one in born])
        page = proposed(search, taste, born, looks, count, known=known, fills=fills)
        if len(page) == count:
            break
        # Too many look alike, or cannot be painted: newcomers differ.
        thought += [Thought(FOUND.name)] * count
    return page
