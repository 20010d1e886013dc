"""Best of n: the best of unrelated pictures, with which every other search is compared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from evolve.strategies.strategy import Bracket, Situation, founders


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
