"""Which of many candidates a page shows: most that should be liked, some to find out more.

A place is filled by the candidate with the highest value for its role, among those that are not
near-duplicates of what is on the page already. The value of a liked one is the upper confidence
bound `mean + deviation` (GP-UCB, Srinivas et al. 2010, with beta = 1), lowered by how much the page
covers it already: greedy maximisation of `value + log det K`, with K the kernel among the chosen
(Kulesza & Taskar 2012, section 2.4).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Role = Literal["liked", "unsure", "newcomer", "incumbent", "other"]

ROLES: Mapping[Role, str] = {
    "liked": "expected to be liked",
    "unsure": "shown to learn what you think of its kind",
    "newcomer": "fresh noise",
    "incumbent": "the best so far, to compare with",
    "other": "of another kind that you like",
}
"""Why a picture is on a page, with how a person reads it."""

VARIED = 0.5
"""How much a page gains from variety, in rating steps: the weight of `log det K`."""


class Candidates(NamedTuple):
    """What a page is chosen from, `n` of them."""

    mean: Floats
    """(n,): expected utility, in rating steps."""
    deviation: Floats
    """(n,): how unsure that is, 0 to 1."""
    likeness: Floats
    """(n, n): the kernel among them, 1 for equal pictures."""
    newcomer: NDArray[np.bool_]
    """(n,): who comes from fresh noise."""


class Placed(NamedTuple):
    """A candidate and why it is on the page."""

    candidate: int
    """Its place among the candidates."""
    role: Role


def roles_of(count: int) -> list[Role]:
    """Return the roles of a page of `count`, the most important first; no incumbent among them."""
    rare: list[Role] = ["unsure", "newcomer", "other", "unsure"]
    room = [role for k, role in enumerate(rare) if count >= 3 * (k + 1)]
    liked: list[Role] = ["liked"] * (count - len(room))
    return liked + room


def choose(candidates: Candidates, count: int, *, alike: float) -> list[Placed]:
    """Return up to `count` candidates, each with its role; nothing is drawn.

    Args:
        candidates: In an order that is reproducible: of equals the first is taken.
        count: Places of the page.
        alike: Likeness from which two pictures are taken for the same.
    """
    chosen: list[Placed] = []
    for role in roles_of(count):
        free = np.ones(len(candidates.mean), np.bool_)
        free[[pick.candidate for pick in chosen]] = False
        unlike = free.copy()
        for pick in chosen:
            unlike &= candidates.likeness[pick.candidate] < alike
        fits = _fits(candidates, role, chosen)
        # Who plays the role, or else is at least no near-duplicate, or else is there at all.
        among = next((each for each in (unlike & fits, unlike, free) if each.any()), None)
        if among is not None:
            value = np.where(among, np.round(_value(candidates, role, chosen), 6), -math.inf)
            played = role if (among & fits).any() else "liked"
            chosen.append(Placed(int(value.argmax()), played))
    return chosen


def _fits(candidates: Candidates, role: Role, chosen: Sequence[Placed]) -> NDArray[np.bool_]:
    """Return who can play a role at all."""
    if role == "newcomer":
        return candidates.newcomer
    if role == "other" and chosen:
        first = candidates.likeness[chosen[0].candidate]
        return np.asarray(first <= np.median(first), np.bool_)
    return np.ones(len(candidates.mean), np.bool_)


def _value(candidates: Candidates, role: Role, chosen: Sequence[Placed]) -> Floats:
    """Return what each candidate is worth in a role, beside those chosen already."""
    value = candidates.mean + candidates.deviation
    if role == "unsure":
        value = candidates.deviation + 0.25 * candidates.mean  # not what is surely disliked
    if role == "other":
        value = candidates.mean
    return value + VARIED * _new(candidates.likeness, [pick.candidate for pick in chosen])


def _new(likeness: Floats, chosen: Sequence[int]) -> Floats:
    """Return log det of what each adds to the chosen, 0 for what is unlike all of them."""
    if not chosen:
        return np.zeros(len(likeness))
    among = likeness[np.ix_(chosen, chosen)] + 1e-6 * np.eye(len(chosen))
    cross = likeness[chosen]
    left = 1 - (cross * np.linalg.solve(among, cross)).sum(0)
    return np.asarray(np.log(np.clip(left, 1e-3, 1.0)), np.float64)
