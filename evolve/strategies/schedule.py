"""The steps after which drafts show enough to give some of them up.

What a draft shows is measured by the rank correlation of its score with that of the finished
picture. For 64 steps it is .66 after a quarter and .90 after half of them (Guimaraes and Perona
2026, PSP); for the 8 steps of the embedded model .2 to .3 after a quarter, .5 to .7 after half and
.7 to .8 after three quarters (`benchmarks.portraits.drafts`). Between the two, the looks come
earlier the more steps there are.
"""

from __future__ import annotations

import math

from evolve.strategies.strategy import Cut

FEW, MANY = 8, 32
"""Steps of pictures below and above which the shares of the two looks are constant."""
LATE, EARLY = (0.5, 0.75), (0.25, 0.5)


def looks(steps: int) -> tuple[int, int]:
    """Return the two steps after which drafts are scored, for pictures of `steps` steps."""
    where = math.log(max(FEW, min(MANY, steps)) / FEW) / math.log(MANY / FEW)
    first, second = (
        max(1, round(steps * (late + where * (early - late))))
        for late, early in zip(LATE, EARLY, strict=True)
    )
    return first, max(first + 1, second)


def halvings(steps: int) -> list[Cut]:
    """Return two looks after each of which the better half of the drafts goes on."""
    return [Cut(step, 0.5) for step in looks(steps) if step < steps]


def halved_cost(steps: int) -> float:
    """Return the mean forwards of a draft that is pruned by `halvings`."""
    first, second = looks(steps)
    return first + (second - first) / 2 + (steps - second) / 4
