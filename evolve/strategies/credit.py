"""Credit for operators: those that recently made better children make more of them.

An arm's share follows the posterior mean of its successes, (s + PRIOR / 4) / (n + PRIOR), with s
the children that beat their parent and n all of them, of the last ones. No arm falls below a floor,
so that none is given up for good (probability matching, Thierens 2005, eq. 2).
"""

from __future__ import annotations

from collections.abc import Sequence

from evolve.strategies.strategy import Situation
from evolve.strategies.trials import trials

ARM = "arm"
"""Parameter of an origin: the arm that made an individual."""
FLOOR = 0.4
"""Of an equal share."""
PRIOR = 2.0
"""Children that the prior counts as; one in four of them succeeds."""


def shares(at: Situation, arms: Sequence[str]) -> dict[str, float]:
    """Return the share of children that each arm makes, together 1."""
    wins, tries = dict.fromkeys(arms, 0.0), dict.fromkeys(arms, 0.0)
    for birth, has_won in trials(at):
        arm = birth.origin.params.get(ARM)
        if isinstance(arm, str) and arm in tries and has_won is not None:
            tries[arm] += 1
            wins[arm] += has_won
    worth = {a: (wins[a] + PRIOR / 4) / (tries[a] + PRIOR) for a in arms}
    total = sum(worth.values())
    floor = FLOOR / len(arms)
    return {a: floor + (1 - FLOOR) * w / total for a, w in worth.items()}
