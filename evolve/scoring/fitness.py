"""The fitness that guides a search: one scorer, or several combined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evolve.genome import Genome
from evolve.scoring import combining
from evolve.scoring.combining import By, Scores
from evolve.scoring.protocol import Repeatable, Scorer
from evolve.session.archive import Picture

AGAIN = " again"
"""Added to the name of a scorer for scores over other views."""
LEADERS = 8
"""How many of the fittest are scored again before one of them is chosen as the best."""


@dataclass(frozen=True, slots=True)
class Fitness:
    """Scores pictures, and combines scores.

    The scores are saved by the names of the scorers. The fitness is not: it follows from the scores
    of all individuals so far, and may change with every generation.
    """

    scorers: tuple[Scorer, ...]
    """One or more, of different names."""
    by: By = "ranks"
    """How several are combined; see `evolve.scoring.combining`."""

    @property
    def name(self) -> str:
        """The names of the scorers, with + between them for ranks and a comma for fronts."""
        return ("+" if self.by == "ranks" else ",").join(each.name for each in self.scorers)

    @property
    def is_combined(self) -> bool:
        """Whether the fitness of all may change when others are scored."""
        return len(self.scorers) > 1

    @property
    def is_guarded(self) -> bool:
        """Whether children are capped by their parents, which takes the deviation of scores."""
        return self.is_combined and self.by == "ranks"

    @property
    def names(self) -> tuple[str, ...]:
        """All names by which scores are saved, those of second looks after the others."""
        return (*(each.name for each in self.scorers), *self.names_again)

    @property
    def names_again(self) -> tuple[str, ...]:
        """The names of second looks; scorers of one kind of views have none."""
        return tuple(each.name + AGAIN for each in self.scorers if isinstance(each, Repeatable))

    def measure(self, picture: Picture, genome: Genome) -> dict[str, float]:
        """Return the scores of a picture by name."""
        return {s.name: float(s.score([picture], [genome])[0]) for s in self.scorers}

    def measure_again(self, picture: Picture, genome: Genome) -> dict[str, float]:
        """Return the scores over other views, by the names of second looks."""
        return {
            s.name + AGAIN: float(s.again().score([picture], [genome])[0])
            for s in self.scorers
            if isinstance(s, Repeatable)
        }

    def of(
        self,
        scores: Mapping[str, Scores],
        parents: Mapping[int, Sequence[int]] | None = None,
        first: Sequence[int] = (),
    ) -> dict[int, float]:
        """Return the fitness of the individuals that all scorers scored; higher is better.

        Scores are by name (`names`) and individual; other names are ignored. For the guard of ranks
        there are the parents, and the first individuals, which were scored twice.
        """
        nothing: Scores = {}
        names = [each.name for each in self.scorers]
        known = {name: scores.get(name, nothing) for name in names}
        deviations = {
            name: combining.deviation(known[name], scores.get(name + AGAIN, nothing), first)
            for name in names
        }
        return combining.fitness(known, parents, by=self.by, deviations=deviations)

    def leaders(self, fit: Scores) -> list[int]:
        """Return the fittest, the best first; of equals the elder."""
        finite = [i for i, value in fit.items() if np.isfinite(value)]
        return sorted(finite, key=lambda i: (-fit[i], i))[:LEADERS]

    def best(self, leaders: Mapping[int, Mapping[str, float]], fit: Scores) -> int | None:
        """Return the leader that is best by two looks together; None if none is fit.

        A search climbs what its views happen to show: the luckiest of many is not the best. Both
        looks count the same. Where a scorer has no second look at all leaders, its first one counts
        alone. Several scorers count by their mean rank among the leaders, whatever they are
        combined by.
        """
        looks = {}
        for name in (scorer.name for scorer in self.scorers):
            again = all(name + AGAIN in known for known in leaders.values())
            second = name + AGAIN * again
            looks[name] = {i: (known[name] + known[second]) / 2 for i, known in leaders.items()}
        seen = combining.fitness(looks) if leaders else {}
        finite = [i for i in leaders if np.isfinite(seen[i])]
        return max(finite, key=lambda i: (seen[i], fit[i], -i), default=None)


def first_looks(scores: Mapping[str, float]) -> dict[str, float]:
    """Return scores by name without those of second looks."""
    return {name: value for name, value in scores.items() if not name.endswith(AGAIN)}


def scores_in_words(scores: Mapping[str, float]) -> str:
    """Return scores by name as text, each with that of a second look."""
    seconds = {name: scores.get(name + AGAIN) for name in first_looks(scores)}
    return ", ".join(
        f"{name} {scores[name]:.3g}" + ("" if again is None else f" (again {again:.3g})")
        for name, again in seconds.items()
    )
