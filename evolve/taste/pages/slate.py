"""The choice of a page among many candidates: most should be liked, some are shown to learn.

A place is filled by the candidate with the highest value for its role, among those that are not
near-duplicates of the chosen. The value of a liked one is the upper confidence bound
`mean + bold deviation` (GP-UCB, Srinivas et al. 2010), less by how much the page covers it already:
greedy maximisation of `value + varied log det K`, with K the kernel among the chosen (Kulesza &
Taskar 2012, section 2.4).
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
"""The roles of pictures on a page, as text for a person."""

SIGNS: Mapping[Role, str] = {
    "liked": "like",
    "unsure": "?",
    "newcomer": "new",
    "incumbent": "best",
    "other": "other",
}
"""The same in a few letters, to stand under a picture."""

BOLD = 0.5
"""Weight of the deviation for a liked one (GP-UCB's root of beta)."""
BOLDER = 2.0
"""Weight of the deviation for one that is shown to learn."""
VARIED = 0.25
"""Weight of variety, `log det K`, in rating steps."""

ROLE = "role"
"""Parameter of an origin: the role of a picture on its page."""


def why(params: Mapping[str, object]) -> str:
    """Return why a picture is on its page, from the record of its making; empty if unknown."""
    return _of_role(ROLES, params)


def sign(params: Mapping[str, object]) -> str:
    """Return the same in a few letters."""
    return _of_role(SIGNS, params)


def _of_role(texts: Mapping[Role, str], params: Mapping[str, object]) -> str:
    role = params.get(ROLE)  # a stranger may have written anything
    return next((text for known, text in texts.items() if known == role), "")


class Recipe(NamedTuple):
    """How a page is chosen."""

    rare: tuple[Role, ...] = ("unsure", "incumbent", "newcomer", "other")
    """Roles that a page of 12 has once besides the liked ones; a smaller page lacks the last."""
    compares: bool = False
    """Whether the best so far is placed before others that are too much like it."""


USUAL = Recipe()


class Candidates(NamedTuple):
    """`n` candidates of a page."""

    mean: Floats
    """(n,): expected utility, in rating steps."""
    deviation: Floats
    """(n,): its standard deviation, 0 to 1."""
    likeness: Floats
    """(n, n): the kernel among them, 1 for equal pictures."""
    newcomer: NDArray[np.bool_]
    """(n,): whether it comes from fresh noise."""
    incumbent: NDArray[np.bool_] | None = None
    """(n,): whether it is the best so far, as it is; None if none is."""
    copies: NDArray[np.bool_] | None = None
    """(n, n): pairs that can hardly be distinguished, and are never shown together; on the diagonal
    copies of a parent, which are not shown. None where unknown."""


class Placed(NamedTuple):
    """A chosen candidate."""

    candidate: int
    """Its place among the candidates."""
    role: Role


def roles_of(count: int, recipe: Recipe = USUAL) -> list[Role]:
    """Return the roles of a page of `count`, in the order in which its places are filled."""
    rare = [role for k, role in enumerate(recipe.rare) if count >= 3 * (k + 1)]
    liked: list[Role] = ["liked"] * (count - len(rare))
    roles = liked + rare
    return sorted(roles, key=lambda role: role != "incumbent") if recipe.compares else roles


def choose(
    candidates: Candidates, count: int, *, alike: float, recipe: Recipe = USUAL
) -> list[Placed]:
    """Return up to `count` candidates, each with its role, without chance: the first of equals.

    There are fewer where all others are near-duplicates of the chosen: from a likeness of `alike`.
    """
    chosen: list[Placed] = []
    for role in roles_of(count, recipe):
        unlike = np.ones(len(candidates.mean), np.bool_)
        unlike[[pick.candidate for pick in chosen]] = False
        if candidates.copies is not None:
            unlike &= ~candidates.copies.diagonal()
        for pick in chosen:
            unlike &= candidates.likeness[pick.candidate] < alike
            if candidates.copies is not None:
                unlike &= ~candidates.copies[pick.candidate]
        fits = _fits(candidates, role, chosen)
        # One that fits the role, or at least is no near-duplicate.
        among = next((each for each in (unlike & fits, unlike) if each.any()), None)
        if among is not None:
            value = np.where(among, np.round(_value(candidates, role, chosen), 6), -math.inf)
            played = role if (among & fits).any() else "liked"
            chosen.append(Placed(int(value.argmax()), played))
    return chosen


def _fits(candidates: Candidates, role: Role, chosen: Sequence[Placed]) -> NDArray[np.bool_]:
    known = candidates.incumbent
    incumbent = np.zeros(len(candidates.mean), np.bool_) if known is None else known
    if role in ("newcomer", "incumbent"):
        return candidates.newcomer if role == "newcomer" else incumbent
    if role == "other" and chosen:
        first = candidates.likeness[chosen[0].candidate]
        return np.asarray((first <= np.median(first)) & ~incumbent & ~candidates.newcomer, np.bool_)
    return ~incumbent


def _value(candidates: Candidates, role: Role, chosen: Sequence[Placed]) -> Floats:
    bold = {"unsure": BOLDER, "other": 0.0}.get(role, BOLD)
    value = candidates.mean + bold * candidates.deviation
    return value + VARIED * _new(candidates.likeness, [pick.candidate for pick in chosen])


def _new(likeness: Floats, chosen: Sequence[int]) -> Floats:
    """Return the log det that each adds to the chosen, 0 for one unlike all of them."""
    if not chosen:
        return np.zeros(len(likeness))
    among = likeness[np.ix_(chosen, chosen)] + 1e-6 * np.eye(len(chosen))
    cross = likeness[chosen]
    left = 1 - (cross * np.linalg.solve(among, cross)).sum(0)
    return np.asarray(np.log(np.clip(left, 1e-3, 1.0)), np.float64)
