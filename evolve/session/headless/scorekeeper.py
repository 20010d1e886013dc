"""The scores of a run: pictures without one are scored, scores saved, and combined to a fitness.

Each scorer's numbers are saved under its own name, in one commit for all scorers, so that a run
that was killed has the same numbers and the same fitness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

import numpy as np

from evolve.errors import ArchiveError
from evolve.scoring.combining import MEASURED, By
from evolve.scoring.fitness import Fitness
from evolve.search.births import Births
from evolve.search.verdicts import Scores, Verdicts
from evolve.session.archive import Archive, Picture, Score

TOGETHER = 64
"""Pictures whose scores are saved together: a new scorer may have thousands to score."""


class Scorekeeper:
    """The scores of one population by the scorers of a fitness."""

    def __init__(
        self,
        archive: Archive,
        fitness: Fitness,
        on_notice: Callable[[str], None] = lambda text: None,
    ) -> None:
        """Keep scores in `archive`; nothing is read before `recall`.

        `on_notice` receives lines about pictures that cannot be scored.
        """
        self._archive, self._fitness, self._on_notice = archive, fitness, on_notice
        self._damaged = set[int]()
        """Individuals whose pictures could not be read."""
        self._scores = {name: Scores() for name in fitness.names}
        self.measured = 0
        """Pictures that were scored, each by all scorers; second looks count too."""

    @property
    def combined(self) -> By | None:
        """How scores are combined; None if there is one score alone."""
        return self._fitness.by if self._fitness.is_combined else None

    def recall(self) -> set[int]:
        """Take over the scores in the archive; return the rejected individuals.

        Report where many pictures lack one: scoring them takes long, and nothing is bred meanwhile.
        """
        rejected: set[int] = set()
        for name in self._scores:
            verdicts = Verdicts.of(self._archive.verdicts(name))
            rejected = {i for i, v in verdicts.judged.items() if v.rejected}
            self._scores[name] = verdicts.scores.copy()
        left = set(self._unscored()) - self._archive.failed().keys()
        there = (i for i in sorted(left) if self._picture(i) is not None)  # a run may keep few
        if len(list(islice(there, TOGETHER + 1))) > TOGETHER:
            self._on_notice(
                f"more than {TOGETHER} pictures have no score of this kind: they are scored first"
            )
        return rejected

    def measure(self, stop: Callable[[], bool]) -> bool:
        """Score the pictures that lack a score, and save the scores.

        Return False if any were left: `stop` is called after every `TOGETHER` pictures.
        """
        failed, rows = self._archive.failed(), list[Score]()
        try:
            for i in self._unscored():
                picture = None if i in failed else self._picture(i)
                if picture is None:
                    continue
                if len(rows) >= TOGETHER * len(self._fitness.scorers):
                    batch, rows = rows, []
                    self._save(batch)
                    if stop():
                        return False
                self.measured += 1
                found = self._fitness.measure(picture, self._archive.genome(i))
                rows += [Score(individual=i, scorer=n, value=s) for n, s in found.items()]
            rows += self._again(self._first())
        finally:  # another package's scorer may fail after minutes: earlier scores are kept
            self._save(rows)
        return True

    def fit(self, births: Births) -> Scores:
        """Return the fitness of all individuals that every scorer scored."""
        if not self._fitness.is_combined:
            return self._scores[self._fitness.scorers[0].name].copy()
        known = {name: scores.to_dict() for name, scores in self._scores.items()}
        guarded = self._archive.ids() if self._fitness.is_guarded else ()
        parents = {i: births[i].parents for i in guarded}
        found = self._fitness.of(known, parents, self._first())
        fit = Scores()
        fit.put(np.fromiter(found, np.int64), np.fromiter(found.values(), np.float64))
        return fit

    def best(self, fit: Scores) -> int | None:
        """Score the leaders again, save that, and return the best; None if there is none."""
        known = fit.to_dict()  # faster to go through
        leaders = self._fitness.leaders(known)
        self._save(self._again(leaders))
        return self._fitness.best({i: self.of(i) for i in leaders}, known)

    def of(self, individual: int) -> dict[str, float]:
        """Return the scores of an individual by name, second looks included."""
        known = {name: scores.get(individual) for name, scores in self._scores.items()}
        return {name: value for name, value in known.items() if value is not None}

    def _first(self) -> Sequence[int]:
        """Return the individuals that are scored twice, for the deviation of a score."""
        return list(self._archive.ids()[:MEASURED]) if self._fitness.is_guarded else ()

    def _unscored(self) -> list[int]:
        ids = np.asarray(self._archive.ids(), np.int64)
        scored = np.ones(len(ids), np.bool_)
        for scorer in self._fitness.scorers:
            known = self._scores[scorer.name].known
            inside = ids < len(known)
            scored[inside] &= known[ids[inside]]
            scored[~inside] = False
        unscored: list[int] = ids[~scored].tolist()
        return unscored

    def _again(self, individuals: Iterable[int]) -> list[Score]:
        """Return second looks at those of the individuals that had none."""
        rows: list[Score] = []
        for i in individuals:
            if all(i in self._scores[name] for name in self._fitness.names_again):
                continue
            if (picture := self._picture(i)) is not None:
                self.measured += 1
                found = self._fitness.measure_again(picture, self._archive.genome(i))
                rows += [Score(individual=i, scorer=n, value=s) for n, s in found.items()]
        return rows

    def _picture(self, individual: int) -> Picture | None:
        """Return a picture; None if there is none, or if it is damaged, which is reported once."""
        if individual in self._damaged:
            return None
        try:
            return self._archive.picture(individual)
        except ArchiveError as error:
            self._damaged.add(individual)
            self._on_notice(f"#{individual} is not scored: {error}")
            return None

    def _save(self, rows: Sequence[Score]) -> None:
        if rows:
            self._archive.append(rows)
        for row in rows:
            self._scores[row.scorer].put(row.individual, row.value)
