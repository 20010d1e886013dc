"""A page by taste, chosen among many children that could be bred.

Five times as many as on a page are considered: every promising parent turned near and far, in part
or as a whole, and crossed with others; newcomers; the best as it is. What each would be like
follows from its parents and its angle (heredity.py), so nothing is painted for it. The slate
(slate.py) chooses, and only chosen children are made. Far children are unsure, near ones are like
their parents, so the choice also decides how far the page goes: nearer the surer it is that the
parents are liked.

The page follows from the answers, the judged pictures and the seed alone, so it can be worked out
ahead of time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.genome.noise import stream
from evolve.search.births import Births
from evolve.search.individual import Individual
from evolve.search.operators import ANTITHETIC, FOUND, KEEP, MUTATE, operator_of
from evolve.taste.pages.heredity import LOOSE, Heredity
from evolve.taste.pages.slate import ROLE, Candidates, Recipe, Role, choose
from evolve.taste.taste import DIGITS, Taste

if TYPE_CHECKING:
    from evolve.search.search import Search

Floats = NDArray[np.float64]

TIMES = 5
"""Considered children for each place of a page."""
ANGLES = (15.0, 18.0, 22.0, 27.0, 34.0, 45.0)
"""Degrees by which a parent is turned, as a whole or in part. Nearer children would be liked more
surely, but as near-copies they show a person nothing new."""
EACH = 2
"""Considered children of a kind."""
PARENTS = 6
"""Considered parents."""
KIN = 0.8
"""Likeness by taste from which only the better of two parents is considered."""
ALIKE = 0.97
"""Likeness from which two pictures count as near-duplicates."""
APART = 0.4
"""Expected cosine from which two unpainted children are not shown together: some children of one
parent that are nearer can hardly be distinguished."""

MadeBefore = MutableMapping[str, Individual]
"""Children that were made already, by how they are made."""


class Thought(NamedTuple):
    """A child that could be bred."""

    operator: str
    parents: tuple[int, ...] = ()
    """The main one first; none of a newcomer."""
    angle: float = 0.0
    """Degrees; 0 where the operator decides."""


class Pool(NamedTuple):
    """Possible parents."""

    parents: list[int]
    """The fittest first."""
    worth: Floats
    """(n,): their expected utility, in rating steps."""
    deviation: Floats
    """(n,): its standard deviation, 0 to 1."""
    likeness: Floats
    """(n, n): the cosines of their features."""


def pool_of(taste: Taste, fit: Mapping[int, float]) -> Pool:
    """Return the fittest parents, no two of them too much alike."""
    chosen: list[int] = []
    for i in sorted(fit, key=lambda i: (-fit[i], i)):
        if len(chosen) == PARENTS:
            break
        if i not in taste.seen:
            continue
        near = np.array([taste.seen[i] @ taste.seen[other] for other in chosen])
        if not chosen or taste.kernel(near).max() < KIN:
            chosen.append(i)
    _, expected = taste.of(chosen)
    seen = np.array([taste.seen[i] for i in chosen])
    worth = np.array([fit[i] for i in chosen])
    return Pool(chosen, worth, expected.deviation, np.round(seen @ seen.T, DIGITS))


def thoughts(pool: Sequence[int], count: int, menu: Mapping[str, float]) -> list[Thought]:
    """Return children that could be bred: `TIMES` as many as a page has, or more.

    The fittest parent of the pool comes first.
    """
    kinds = {name: operator_of(name).kind for name, share in menu.items() if share > 0}
    others = [name for name, kind in kinds.items() if kind == "mutate" and name != MUTATE.name]
    turns = [(MUTATE.name, angle) for angle in ANGLES] * EACH
    turns += [(name, angle) for name in others for angle in ANGLES[1::2]]
    pairs = [(a, b) for a in pool for b in pool if a != b]
    found = [Thought(KEEP.name, (pool[0],))]
    found += [Thought(name, (i,), angle) for i in pool for name, angle in turns]
    found += [Thought(name, pair, ANGLES[2]) for pair in pairs for name in crosses_on(menu)]
    return found + [Thought(FOUND.name)] * max(2, TIMES * count - len(found))


def crosses_on(menu: Mapping[str, float]) -> list[str]:
    """Return the operators of a menu that make a child of two parents."""
    known = {name: operator_of(name) for name, share in menu.items() if share > 0}
    return [name for name, each in known.items() if each.kind == "cross" and each.parents == 2]


def expected(
    taste: Taste, heredity: Heredity, pool: Pool, thought: Sequence[Thought]
) -> Candidates:
    """Return what each child would be like, before it is painted.

        E f = LOOSE (a f_main + b f_other),   Var f = 1 - sum (LOOSE a)^2 (1 - Var f_parent)

    with `a` and `b` from heredity; the likeness of two of them follows from E phi in the same way.
    """
    place = {parent: k for k, parent in enumerate(pool.parents)}
    kept = np.zeros((len(thought), len(pool.parents)))
    for row, one in enumerate(thought):
        shares = heredity.of(one.operator, one.angle)
        for parent, share in zip(one.parents, shares, strict=False):
            kept[row, place[parent]] += share
    keeps = np.array([one.operator == KEEP.name for one in thought])
    liked = kept * np.where(keeps, 1.0, LOOSE)[:, None]
    variance = 1 - np.square(liked) @ (1 - np.square(pool.deviation))
    cosines = kept @ pool.likeness @ kept.T
    np.fill_diagonal(cosines, 1.0)
    return Candidates(
        mean=np.round(liked @ pool.worth, DIGITS),
        deviation=np.round(np.sqrt(np.clip(variance, 1e-6, None)), DIGITS),
        likeness=taste.kernel(np.clip(cosines, -1, 1)),
        newcomer=np.array([not one.parents for one in thought]),
        incumbent=keeps,
    )


def page_by_taste(
    search: Search,
    taste: Taste,
    fit: Mapping[int, float],
    count: int,
    *,
    apart: bool = False,
) -> list[Individual]:
    """Return the children of the next page, not born yet; the search is not changed.

    Children that are expected to be much alike may be kept apart.
    """
    alike = float(taste.kernel(np.array(APART))) if apart else ALIKE
    pool = pool_of(taste, fit)
    heredity = Heredity(taste.seen, [search.births[i] for i in sorted(taste.seen)])
    thought = thoughts(pool.parents, count, search.menu)
    if apart:
        thought = [each for each in thought if not _is_of_mirrored(search.births, each.parents)]
    candidates = expected(taste, heredity, pool, thought)
    chosen: list[tuple[Thought, Role | None]] = [
        (thought[pick.candidate], pick.role)
        for pick in choose(candidates, count, alike=alike, recipe=Recipe(compares=apart))
    ]
    # Where all others would be near-duplicates of the chosen, newcomers fill the page.
    chosen += [(Thought(FOUND.name), "newcomer")] * (count - len(chosen))
    return born_of(search, chosen)


def _is_of_mirrored(births: Births, parents: Sequence[int]) -> bool:
    """Return whether one of two parents is the opposite of the other: there is no way between."""
    if len(parents) < 2:
        return False
    a, b = (births[i] for i in parents)
    mirrored = ANTITHETIC.name
    return any(
        x.origin.operator == mirrored and x.origin.params.get("of") == y.id
        for x, y in ((a, b), (b, a))
    )


def born_of(
    search: Search,
    chosen: Sequence[tuple[Thought, Role | None]],
    purpose: str = "breed",
    made: MadeBefore | None = None,
) -> list[Individual]:
    """Make children, with their role in their origin; the search is not changed.

    Those that were made for this page before are in `made`, to which new ones are added.
    """
    first, times = len(search.births), Counter[Thought]()
    born, as_parent = [], cache(search.as_parent)
    for slot, (thought, role) in enumerate(chosen):
        # Not by its place: another answer exchanges some children and leaves the others as they
        # were, so that they can be painted ahead.
        what = f"{purpose} {thought.operator} {thought.parents} {thought.angle} {times[thought]}"
        times[thought] += 1
        if made is not None and (known := made.get(what)) is not None:
            born.append(replace(known, id=first + slot))
            continue
        rng, spec = stream(search.seed, first, what), search.spec(thought.operator, thought.angle)
        main = thought.parents[0] if thought.parents else -1
        child = search.child(rng, spec, main, thought.parents, as_parent=as_parent)
        noted = child.origin.plus({ROLE: role} if role else {})
        born.append(child._replace(origin=noted).born(first + slot, search.next_generation))
        if made is not None:
            made[what] = born[-1]
    return born
