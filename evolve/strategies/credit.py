"""Credit for operators: what has made better children of late makes more of them.

An arm's share follows the posterior mean of its successes, (s + PRIOR / 4) / (n + PRIOR), with s
the children that beat their parent and n all of them, of the last ones. No arm falls below a floor,
so that none is given up for good (probability matching, Thierens 2005, eq. 2).
"""

from __future__ import annotations

from collections.abc import Sequence

from evolve.strategies.strategy import Situation

ARM = "arm"
"""In the record of a birth: which arm made it."""
FLOOR = 0.4
"""Of an equal share."""
RECALLED = 96
"""Individuals back to which is heard."""
PRIOR = 2.0
"""How much of what is believed beforehand counts, in children; then one in four succeeds."""


def shares(at: Situation, arms: Sequence[str]) -> dict[str, float]:
    """Return the share of children that each arm makes, together 1."""
    scores = at.scores
    wins, tries = dict.fromkeys(arms, 0.0), dict.fromkeys(arms, 0.0)
    for i in at.ids[-RECALLED:]:
        birth = at.search.births[i]
        arm = birth.origin.params.get(ARM)
        if not isinstance(arm, str) or not birth.parents:
            continue
        if arm in tries and i in scores and birth.parents[0] in scores:
            tries[arm] += 1
            wins[arm] += scores[i] > scores[birth.parents[0]]
    worth = {a: (wins[a] + PRIOR / 4) / (tries[a] + PRIOR) for a in arms}
    total = sum(worth.values())
    floor = FLOOR / len(arms)
    return {a: floor + (1 - FLOOR) * w / total for a, w in worth.items()}
