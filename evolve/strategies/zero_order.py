"""Zero-order search: small steps around a pivot (Ma et al. 2025, section 3.2).

From the pivot n, N noises at a fixed distance are painted, y = cos(theta) n + sin(theta) e; the
best picture so far becomes the pivot, and so on. A public implementation for FLUX takes 4
neighbours at cos = .95.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from evolve.search.individual import Made, Origin
from evolve.search.operators import MUTATE, mutate
from evolve.strategies.strategy import Bracket, Situation, founders, ranked


@dataclass(frozen=True, slots=True)
class ZeroOrder:
    """Climbs from one founder."""

    name: ClassVar[str] = "zero-order"
    neighbours: int = 4
    angle: float = 18.2
    """Degrees."""

    def ask(self, at: Situation) -> Bracket:
        """Return the neighbours of the best."""
        pivots = ranked(at.scores)[:1]
        if not pivots:
            return Bracket(candidates=founders(at, 1))
        parent, angle = at.search.inherited(pivots[0]), self.angle
        children = [
            Made(
                mutate(at.rng(k, self.name), parent, angle=angle),
                Origin(MUTATE.name, {"angle": angle}),
                (pivots[0],),
            )
            for k in range(self.neighbours)
        ]
        return Bracket(candidates=children)
