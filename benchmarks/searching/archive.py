"""A population in memory, as much of it as a run needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from evolve.genome import Genome
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.sight import Sight
from evolve.search.individual import Birth, Individual, Verdict
from evolve.search.plan import Plan
from evolve.session.archive import Picture, Render, Row, Score


class MemoryArchive:
    """Implements `evolve.session.archive.Archive`."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._individuals: list[Individual] = []
        self._renders: dict[int, Render] = {}
        self._scores: dict[str, dict[int, float]] = {}
        self._plan = Plan()

    def append(self, rows: Sequence[Row]) -> None:
        """Take all rows."""
        for row in rows:
            if isinstance(row, Individual):
                self._individuals.append(row)
            elif isinstance(row, Render):
                self._renders[row.individual] = row
            elif isinstance(row, Score):
                self._scores.setdefault(row.scorer, {})[row.individual] = row.value
            elif isinstance(row, Plan):
                self._plan = row

    def ids(self) -> Sequence[int]:
        """Return all ids."""
        return range(len(self._individuals))

    def births(self) -> Sequence[Birth]:
        """Return everyone."""
        return self._individuals

    def genome(self, individual: int) -> Genome:
        """Return a genome."""
        return self._individuals[individual].genome

    def picture(self, individual: int) -> Picture | None:
        """Return a picture."""
        render = self._renders.get(individual)
        return None if render is None else render.picture

    def embedding(self, individual: int) -> Embedding | None:
        """Return what a picture is like."""
        render = self._renders.get(individual)
        return None if render is None else Embedding.from_record(render.record)

    def sight(self, individual: int) -> Sight | None:
        """Return the same for distances."""
        render = self._renders.get(individual)
        return None if render is None else Sight.from_record(render.record)

    def wanted(self, individual: int) -> float | None:
        """Return how surely an edit shows what it was asked for: nobody is edited here."""
        return None

    def unpainted(self) -> list[int]:
        """Return who has no picture yet."""
        return [i for i in self.ids() if i not in self._renders]

    def failed(self) -> Mapping[int, str]:
        """Return who could not be painted."""
        return {i: r.error for i, r in self._renders.items() if r.picture is None}

    def verdicts(self, scorer: str | None = None) -> Mapping[int, Verdict]:
        """Return the scores by one scorer."""
        scores = self._scores.get(scorer or "", {})
        return {i: Verdict(score=score) for i, score in scores.items()}

    def plan(self) -> Plan:
        """Return the latest plan."""
        return self._plan

    def notes(self) -> Mapping[int, str]:
        """Return nothing."""
        return {}
