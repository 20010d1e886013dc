"""A plain genetic algorithm over noise: tournaments, slerp, a small turn, two elites.

Each child walks half of the great circle between two parents (Shoemake 1985) and is turned by
asin(.2) = 11.5 degrees, the mutation of EvoSearch (He et al. 2025, eq. 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from evolve.search.individual import Made, Origin
from evolve.search.operators import cross_slerp, mutate
from evolve.strategies.strategy import Bracket, Situation, founders, ranked


@dataclass(frozen=True, slots=True)
class SlerpGA:
    """Breeds generation from generation."""

    name: ClassVar[str] = "slerp-ga"
    elites: int = 2
    tournament: int = 3
    share: float = 0.5
    angle: float = 11.5
    """Degrees."""

    def ask(self, at: Situation) -> Bracket:
        """Return children of the last generation and the elites."""
        elites = ranked(at.scores)[: self.elites]
        if not elites:
            return Bracket(candidates=founders(at, at.page))
        generations, scores = at.search.births.generations, at.scores
        last = max(generations[i] for i in scores)
        pool = sorted({i for i in scores if generations[i] == last} | set(elites))
        children = []
        for k in range(at.page):
            rng = at.rng(k, self.name)
            main, mate = (self._winner(rng, pool, scores) for _ in range(2))
            child = at.search.inherited(main)
            if mate != main:
                child = cross_slerp(child, at.search.inherited(mate), share=self.share)
            child = mutate(rng, child, angle=self.angle)
            origin = Origin("cross_slerp", {"share": self.share, "angle": self.angle})
            children.append(Made(child, origin, tuple(dict.fromkeys((main, mate)))))
        return Bracket(candidates=children)

    def _winner(self, rng: np.random.Generator, pool: list[int], scores: dict[int, float]) -> int:
        drawn = rng.choice(pool, size=min(self.tournament, len(pool)), replace=False).tolist()
        return int(max(drawn, key=lambda i: (scores[i], -i)))
