"""Evolve: founders pruned by drafts, then niches bred by the operators that have worked.

1. Founders in opposite pairs, z and -z, are scored twice as drafts, and the better half goes on
   each time (as Guimaraes and Perona 2026).
2. Each generation breeds from niches: the best picture, and good ones that look least like it. A
   niche that has not improved recently leaves its children to the others. When the best picture has
   not improved either, there are more founders (budget rolls over as in Kim et al. 2025).
3. Children are made by arms, each as often as it has been successful (`evolve.strategies.trials`):
   turns of the noise by a step that follows the success rule, of all of it or in a region; parts
   of another niche; and painting a picture again from one of several depths, which costs that
   share of a picture only (ABCD, 2505.14036).
4. Children that start from noise are scored once as drafts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from evolve.genome.edit import Base
from evolve.search.breeding import ChildSpec, make_child
from evolve.search.individual import Made, Origin
from evolve.search.operators import ANTITHETIC, REPAINT, antithetic, operator_of, repaint
from evolve.strategies.niches import dealt, is_stalled, niches
from evolve.strategies.schedule import halved_cost, halvings, looks
from evolve.strategies.strategy import Bracket, Cut, Situation, founders
from evolve.strategies.trials import ARM, shares, step_after

ENOUGH = 0.9
"""Share of the founders' budget after which breeding begins: the rest makes no bracket."""
BACK = "back"
"""Prefix of arms that go back to noise; the depth follows in percent."""


@dataclass(frozen=True, slots=True)
class Evolve:
    """The project's strategy."""

    name: ClassVar[str] = "evolve"
    founding: float = 0.5
    """Founders' share of the budget; two pages of founders where there is no budget."""
    patience: int = 2
    """Generations without a better picture after which there are more founders."""
    again: float = 0.75
    """Full pictures for those founders, as a share of a page."""
    niches: int = 3
    brood: int = 8
    """Children of a generation, before any are given up."""
    arms: tuple[str, ...] = (
        "mutate",
        "mutate_region",
        "cross_region",
        "back50",
        "back70",
        "back85",
    )
    start: float = 12.0
    """Degrees of the first step."""
    back: float = 45.0
    """Degrees by which the noise of children that go back turns."""

    def ask(self, at: Situation) -> Bracket:
        """Return the next founders or the next generation."""
        scores = at.scores
        is_founding = at.spent < ENOUGH * self._founding(at) or not scores
        if is_founding or is_stalled(at, scores, self.patience):
            left = max(at.page * at.full * self.again, self._founding(at) - at.spent)
            each = halved_cost(at.full)
            count = 2 * max(1, round(min(left, 8 * at.page * each) / each / 2))
            return Bracket(candidates=self._founders(at, count), cuts=halvings(at.full))
        parents = niches(at, scores, self.niches)
        mains = dealt(at, parents, self.brood)
        weights = shares(at, self.arms)
        step = step_after(at, self.start)
        children = [
            self._child(at, k, main, parents, weights, step) for k, main in enumerate(mains)
        ]
        return Bracket(candidates=children, cuts=[Cut(looks(at.full)[1], 0.5)])

    def _founding(self, at: Situation) -> float:
        total = at.budget.total
        return 2.0 * at.page * at.full if total is None else self.founding * total

    def _founders(self, at: Situation, count: int) -> list[Made]:
        drawn = founders(at, count // 2)
        mirrored = [Made(antithetic(each.genome), Origin(ANTITHETIC.name)) for each in drawn]
        return [each for pair in zip(drawn, mirrored, strict=True) for each in pair]

    def _child(
        self,
        at: Situation,
        place: int,
        main: int,
        parents: list[int],
        weights: Mapping[str, float],
        step: float,
    ) -> Made:
        rng = at.rng(place, self.name)
        arm = str(rng.choice(list(weights), p=list(weights.values())))
        if arm.startswith(BACK):
            return self._back(at, rng, main, arm)
        operator = operator_of(arm)
        if operator.parents > 1 and len(parents) < 2:
            operator = operator_of("mutate")
        spec = ChildSpec(operator=operator, step=step, angle=step, locked=at.search.plan.locked)
        made = make_child(rng, spec, main, parents, at.search.inherited, at.search.template)
        return made._replace(origin=made.origin.plus({ARM: arm}))

    def _back(self, at: Situation, rng: np.random.Generator, main: int, arm: str) -> Made:
        depth = int(arm.removeprefix(BACK)) / 100
        base = Base(at.search.came_to(main).latent)
        parent = at.search.inherited(main)
        child = repaint(rng, parent, base, mask=None, angle=self.back, depth=depth)
        origin = Origin(REPAINT.name, {"depth": depth, "angle": self.back, ARM: arm})
        return Made(child, origin, (main,))
