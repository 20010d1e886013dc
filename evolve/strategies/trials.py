"""How children of late did against their parents: what steps and operators are judged by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from evolve.search.individual import Birth
from evolve.strategies.strategy import Situation

RECALLED = 96
"""Individuals back to which is heard."""


class Trial(NamedTuple):
    """One individual that has a score."""

    birth: Birth
    has_won: bool | None
    """Whether it beat its first parent; None if it has none that has a score."""


def trials(at: Situation) -> Iterator[Trial]:
    """Give the last individuals that have a score, the newest first."""
    scores, births = at.scores, at.search.births
    for i in reversed(at.ids[-RECALLED:]):
        if i in scores:
            birth = births[i]
            parent = birth.parents[0] if birth.parents else None
            yield Trial(birth, scores[i] > scores[parent] if parent in scores else None)
