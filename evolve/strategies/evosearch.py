"""EvoSearch (He et al. 2025): elites are varied at the start and later at steps on the way.

Generations are at the steps 0, 0, 20, 30 and 40 of 50, of 42, 26, 26, 26 and 30 members for a
budget of 100 pictures (their code). At the start a child's noise is sqrt(1 - b^2) z + b e with
b = .2 (eq. 7). On the way they add noise of the level's deviation (eq. 8), x + sigma e; here the
noise of the level is turned by 45 degrees instead, which mixes in as much and keeps its variance.
Each parent is the best of a random 90 % of those before, as in their code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from evolve.plain_numbers import is_int
from evolve.search.individual import Birth, Made, Origin
from evolve.search.operators import MUTATE, REPAINT, mutate, repaint
from evolve.strategies.strategy import Bracket, Situation, founders, ranked

SIZES = (0.42, 0.26, 0.26, 0.26, 0.30)
"""Sizes of the generations, as shares of the budget in full pictures."""
DEPTHS = (1.0, 1.0, 0.6, 0.4, 0.2)
"""Share of the steps that each generation paints."""
STAGE = "stage"


@dataclass(frozen=True, slots=True)
class EvoSearch:
    """Breeds five generations, again and again as the budget allows."""

    name: ClassVar[str] = "evosearch"
    beta: float = 0.2
    angle: float = 45.0
    """Degrees by which the noise turns on the way."""
    share: float = 0.9
    """Share of the earlier individuals that a parent is the best of."""
    unit: int = 48
    """Full pictures that a round of generations takes where there is no budget."""
    most: int = 600
    """Full pictures that a round takes at most; a larger budget is spent on several rounds."""

    def ask(self, at: Situation) -> Bracket:
        """Return the next generation."""
        scores = at.scores
        last = self._stage(at.search.births[at.ids[-1]]) if at.ids else -1
        stage = (last + 1) % len(SIZES)
        total = self.unit if at.budget.total is None else at.budget.total / at.full
        count = max(1, round(SIZES[stage] * min(total, self.most)))
        if stage == 0 or not scores:
            first = [m._replace(origin=m.origin.plus({STAGE: 0})) for m in founders(at, count)]
            return Bracket(candidates=first)
        order = ranked(scores)
        return Bracket(candidates=[self._child(at, order, stage, k) for k in range(count)])

    def _child(self, at: Situation, order: list[int], stage: int, place: int) -> Made:
        rng = at.rng(place, self.name)
        missing = int(rng.geometric(self.share)) - 1  # of the best, not in the draw
        main = order[min(missing, len(order) - 1)]
        parent, depth = at.search.inherited(main), DEPTHS[stage]
        if depth == 1.0:
            angle = math.degrees(math.asin(self.beta))
            origin = Origin(MUTATE.name, {"angle": round(angle, 3), STAGE: stage})
            return Made(mutate(rng, parent, angle=angle), origin, (main,))
        base = at.search.came_to(main)
        child = repaint(rng, parent, base, mask=None, angle=self.angle, depth=depth)
        origin = Origin(REPAINT.name, {"angle": self.angle, "depth": depth, STAGE: stage})
        return Made(child, origin, (main,))

    def _stage(self, birth: Birth) -> int:
        stage = birth.origin.params.get(STAGE)
        last = len(SIZES) - 1
        return stage if is_int(stage, 0, last) else last
