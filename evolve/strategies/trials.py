"""How recent children did against their parents: the credit of operators, and the next step.

**Credit.** Operators that recently made better children make more of them. An arm's share follows
the posterior mean of its successes, (s + PRIOR / 4) / (n + PRIOR), with s the children that beat
their parent and n all of them. No arm falls below a floor, so that none is given up for good
(probability matching, Thierens 2005, eq. 2).

**Step.** The success rule of evolution strategies (Rechenberg 1973), theta' = theta exp(GAIN (p -
TARGET)), with p the share of the children of the last generation with a step that beat their
parent. The step is recorded with each child, so there is no state.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evolve.search.individual import Birth
from evolve.search.step_size import GAIN, TARGET
from evolve.strategies.strategy import Situation

ARM = "arm"
"""Parameter of an origin: the arm that made an individual."""
RECALLED = 96
"""The latest individuals that count."""
FLOOR = 0.4
"""Of an equal share."""
PRIOR = 2.0
"""Children that the prior counts as; one in four of them succeeds."""
LOWEST, HIGHEST = 5.0, 45.0
"""Degrees of a step."""


class Trial(NamedTuple):
    """One individual that has a score."""

    birth: Birth
    has_won: bool | None
    """Whether it beat its first parent; None without a parent that has a score."""


def trials(at: Situation) -> Iterator[Trial]:
    """Yield the latest individuals that have a score, the newest first."""
    scores, births = at.scores, at.search.births
    for i in reversed(at.ids[-RECALLED:]):
        if i in scores:
            birth = births[i]
            parent = birth.parents[0] if birth.parents else None
            yield Trial(birth, scores[i] > scores[parent] if parent in scores else None)


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


def step_after(at: Situation, start: float) -> float:
    """Return the step of the next generation in degrees."""
    newest, wins = -1, list[bool]()
    step = start
    for birth, has_won in trials(at):
        if "step" not in birth.origin.params:
            continue
        if newest not in (-1, birth.generation):
            break
        newest, step = birth.generation, float(birth.origin.params["step"])
        if has_won is not None:
            wins.append(has_won)
    if not wins:
        return step
    step *= math.exp(GAIN * (sum(wins) / len(wins) - TARGET))
    return round(min(HIGHEST, max(LOWEST, step)), 3)
