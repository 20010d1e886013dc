"""Evolve: founders pruned on drafts, then niches bred by whatever operator has paid off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from evolve.search.individual import Origin
from evolve.search.operators import MUTATE, mutate
from evolve.strategies.strategy import Bracket, Candidate, Situation, best, founders


@dataclass(frozen=True, slots=True)
class Evolve:
    """The strategy of this project."""

    name: ClassVar[str] = "evolve"

    def ask(self, at: Situation) -> Bracket:
        """Return the next bracket."""
        if len(at.scores) < 2 * at.page:
            return Bracket(candidates=founders(at, at.page))
        pivots = best(at, 3)
        children = [
            Candidate(
                mutate(at.rng(k, self.name), at.search.inherited(pivots[k % 3]), angle=20.0),
                Origin(MUTATE.name, {"angle": 20.0}),
                (pivots[k % 3],),
            )
            for k in range(at.page)
        ]
        return Bracket(candidates=children)
