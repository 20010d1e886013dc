"""Candidates: children that are painted so that a page can be chosen among them.

They may be bolder than those of a page of which nothing is painted: who leaps to what is not liked
is not shown. Which they are follows from who the parents are, hardly from how fit each of them is:
one answer more exchanges few of them, so that most can be painted before the last one.
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
"""Degrees that a cross is asked to turn by."""
NEW = 0.15
"""Share of newcomers: they find what the parents do not lead to, and answers exchange none."""


def candidates_of(plan: Plan, count: int, times: float) -> int:
    """Return among how many candidates a page of `count` is chosen; `count` for no choice.

    Args:
        plan: Says how many, or nothing.
        count: Pictures on the page.
        times: Candidates for each of them, where the plan does not say how many.
    """
    return max(count, min(plan.among or round(times * count), MOST_TIMES * count))


def to_paint(pool: Sequence[int], count: int, menu: Mapping[str, float]) -> list[Thought]:
    """Return children that are to be painted.

    Each parent has as many, near and far; every fourth is a cross with the fittest. What the k-th
    child of a parent is depends on nothing but that.

    Args:
        pool: The parents, the fittest first.
        count: How many.
        menu: Share of each operator.
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
    """Return the page that is chosen among candidates, who are not born yet.

    Args:
        search: What is bred in; nothing of it is changed.
        taste: What was learnt.
        fit: How fit each is who may be a parent.
        count: Pictures on the page.
        among: How many candidates are painted.
        looks_of: What the picture of a genome is like.
        known: What pictures of individuals are like.
        made: Candidates of this page that were made before, for other answers.

    Raises:
        PicturesMissing: Some of them are not painted.
    """
    thought = to_paint(pool_of(taste, fit).parents, among, search.menu)
    page = _chosen(search, taste, thought, count, looks_of, known, made)
    if len(page) < count:  # too many look alike, or cannot be painted: newcomers differ
        thought += [Thought(FOUND.name)] * count
        page = _chosen(search, taste, thought, count, looks_of, known, made, fills=True)
    return page


def _chosen(
    search: Search,
    taste: Taste,
    thought: Sequence[Thought],
    count: int,
    looks_of: LooksOf,
    known: Embeddings,
    made: MadeBefore,
    *,
    fills: bool = False,
) -> list[Individual]:
    # Later children have the ids of those that are not shown: they must not draw the same noise.
    purpose = f"candidate of {len(search.births)}"
    born = born_of(search, [(each, None) for each in thought], purpose, made)
    looks = {}
    for place, one in enumerate(born):
        if (seen := looks_of(one.genome)) is None:
            raise PicturesMissing([each.genome for each in born])
        looks[place] = seen
    return proposed(search, taste, born, looks, count, known=known, fills=fills)
