"""Progressive seed pruning (Guimaraes and Perona 2026): 2N drafts, then N, then N / 2 pictures.

Unrelated drafts are looked at twice and the better half goes on each time. Where the looks are
depends on how many steps a picture has (`evolve.strategies.schedule`).
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
    """Drafts for each place of a page, where no budget of forwards says how many there can be."""

    def ask(self, at: Situation) -> Bracket:
        """Return a bracket that takes all that is left, or as much as can be kept at once."""
        count, left, budget = self.drafts * at.page, at.budget.forwards, at.budget
        if left is not None:
            count = max(1, min(MOST, int(left / halved_cost(at.full))))
        if budget.pictures is not None:
            count = max(1, min(count, 4 * budget.pictures))
        return Bracket(candidates=founders(at, count), cuts=halvings(at.full))
