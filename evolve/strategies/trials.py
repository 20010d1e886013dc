"""How recent children did against their parents, for the step and the credit of operators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from evolve.search.individual import Birth
from evolve.strategies.strategy import Situation

RECALLED = 96
"""The latest individuals that count."""


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
