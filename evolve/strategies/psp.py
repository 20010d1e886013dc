"""Progressive seed pruning (Guimaraes and Perona 2026): 2N drafts, then N, then N / 2 pictures.

Unrelated drafts are looked at twice and the better half goes on each time. Where the looks are
depends on how many steps a picture has (`evolve.strategies.schedule`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from evolve.strategies.schedule import looks
from evolve.strategies.strategy import Bracket, Cut, Situation, founders

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
        looks_at = looks(at.full)
        if left is not None:
            each = looks_at[0] + (looks_at[1] - looks_at[0]) / 2 + (at.full - looks_at[1]) / 4
            count = max(1, min(MOST, int(left / each)))
        if budget.pictures is not None:
            count = max(1, min(count, 4 * budget.pictures))
        cuts = [Cut(step, 0.5) for step in looks_at if step < at.full]
        return Bracket(candidates=founders(at, count), cuts=cuts)
