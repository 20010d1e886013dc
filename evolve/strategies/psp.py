"""Progressive seed pruning (Guimaraes and Perona 2026): 2N drafts, then N, then N / 2 pictures.

Unrelated drafts are scored twice, and the better half goes on each time. After which steps depends
on how many a picture has (`evolve.strategies.schedule`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from evolve.strategies.schedule import halved_cost, halvings
from evolve.strategies.strategy import Bracket, Situation, founders

MOST = 256
"""Drafts of one bracket: their states are kept meanwhile."""


@dataclass(frozen=True, slots=True)
class ProgressivePruning:
    """Prunes founders."""

    name: ClassVar[str] = "psp"
    drafts: int = 4
    """Drafts for each place of a page, where there is no budget of forwards."""

    def ask(self, at: Situation) -> Bracket:
        """Return a bracket for the rest of the budget, or for as many drafts as can be kept."""
        count, left, budget = self.drafts * at.page, at.budget.forwards, at.budget
        if left is not None:
            count = max(1, min(MOST, int(left / halved_cost(at.full))))
        if budget.pictures is not None:
            count = max(1, min(count, 4 * budget.pictures))
        return Bracket(candidates=founders(at, count), cuts=halvings(at.full))
