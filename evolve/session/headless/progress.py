"""The progress of a run without a person, and its cost."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from evolve.scoring.combining import By
from evolve.search.verdicts import Scores
from evolve.strategies.cost import Cost


@dataclass(slots=True)
class Progress:
    """The progress of a run."""

    combined: By | None = None
    """How scores are combined to a fitness; None for one score, which is the fitness."""
    images: int = 0
    """Individuals painted (or failed) in the population."""
    generations: int = 0
    passes: int = 0
    """Denoiser forwards of this run, each of several rows."""
    best: tuple[int, float] | None = None
    """Id and fitness of the best; at the end of a run the best of the leaders by two looks."""
    by_second_look: bool = False
    """Whether a second look found another best than the one of the highest fitness."""
    best_scores: dict[str, float] = field(default_factory=dict)
    """Scores of the best by name; at the end of a run with those of a second look."""
    mean_score: float | None = None
    scores: Scores = field(default_factory=Scores)
    """As columns: a run may be on a million individuals."""
    spent: int = 0
    """Forwards of single pictures that the whole population took, as recorded: the number that a
    budget of forwards limits (`evolve.strategies.cost`)."""
    cost: Cost = field(default_factory=Cost)
    """The cost of this run, with all that was painted again."""

    def learn(self, scores: Scores) -> None:
        """Take over all scores, in place of earlier ones."""
        values, best = scores.in_order, scores.best
        finite = values[np.isfinite(values)]
        self.scores = scores
        self.best = None if best is None else (best, scores[best])
        self.mean_score = float(finite.mean()) if len(finite) else None
