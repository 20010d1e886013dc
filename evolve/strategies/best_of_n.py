"""Best of n: unrelated pictures, of which the best is taken. What every other search is held to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from evolve.search.individual import Made
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
        drawn = founders(at, at.page)
        return Bracket(candidates=[self._shortened(each, at.full) for each in drawn])

    def _shortened(self, candidate: Made, full: int) -> Made:
        steps = max(1, round(self.share * full))
        settings = replace(candidate.genome.settings, steps=steps)
        return candidate._replace(genome=replace(candidate.genome, settings=settings))
