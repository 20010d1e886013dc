"""Best of n: the best of unrelated pictures, with which every other search is compared.

Progressive seed pruning (Guimaraes and Perona 2026) draws 2N unrelated drafts and scores them
twice; the better half goes on each time. After which steps depends on how many a picture has
(`evolve.strategies.schedule`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from evolve.strategies.schedule import halved_cost, halvings
from evolve.strategies.strategy import Bracket, Situation, founders

MOST = 256
"""Drafts of one bracket: their states are kept meanwhile."""


@dataclass(frozen=True, slots=True)
class BestOfN:
    """Draws founders."""

    name: ClassVar[str] = "best-of-n"

    def ask(self, at: Situation) -> Bracket:
        """Return a page of founders."""
        return Bracket(candidates=founders(at, at.page))


@dataclass(frozen=True, slots=True)
class HalfSteps:
    """Draws founders that are painted in fewer steps, so that there are more for the same cost."""

    name: ClassVar[str] = "half-steps"
    share: float = 0.5
    """Of the steps of a founder."""

    def ask(self, at: Situation) -> Bracket:
        """Return a page of founders."""
        settings = replace(at.search.template.settings, steps=max(1, round(self.share * at.full)))
        drawn = founders(at, at.page)
        shortened = [m._replace(genome=replace(m.genome, settings=settings)) for m in drawn]
        return Bracket(candidates=shortened)


@dataclass(frozen=True, slots=True)
class ProgressivePruning:
    """Prunes founders: of 2N drafts N go on, and then N / 2."""

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
