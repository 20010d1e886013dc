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
        count, left = self.drafts * at.page, at.budget.forwards
        if left is not None:
            count = MOST
            while count > 2 and self._forwards(at, count) > left:
                count -= 1
        drawn = founders(at, count)
        return Bracket(candidates=drawn, cuts=self._cuts(at.full, count))

    def _forwards(self, at: Situation, count: int) -> int:
        first, second = self._cuts(at.full, count)
        rest = at.full - second.step
        return first.step * count + (second.step - first.step) * first.keep + rest * second.keep

    def _cuts(self, steps: int, count: int) -> list[Cut]:
        first, second = looks(steps)
        return [Cut(first, max(1, count // 2)), Cut(second, max(1, count // 4))]
