"""A branch as the engine sees it: an archive of its members, and of the hall of fame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.sight import Sight
from evolve.search.births import Births
from evolve.search.individual import Verdict
from evolve.search.plan import Plan
from evolve.search.verdicts import Verdicts
from evolve.session.archive import Picture, Row
from populations.core.branches import Branch, members
from populations.core.reading import Reading


class Append(Protocol):
    """Commits rows to a population."""

    def __call__(self, rows: Sequence[Row], *, branch: int) -> None:
        """Commit all `rows` together or none."""


Whole = TypeVar("Whole", bound=Reading)


class View(Generic[Whole]):
    """One branch of a population; implements `evolve.session.archive.Archive`.

    Newborns are born in the branch. The pinned of all branches are the hall of fame: they may
    become parents in every branch, so their verdicts count here too.

    It may be read while the population grows: which belong to the branch is read last, so that
    all that was read before is known by then.
    """

    def __init__(self, population: Whole, branch: Branch, append: Append) -> None:
        """Show a branch; `append` commits rows and lets individuals be born in the branch."""
        self.population = population
        self.branch = branch
        self._append = append

    def append(self, rows: Sequence[Row]) -> None:
        """Commit all `rows` together or none; individuals are born in this branch."""
        self._append(rows, branch=self.branch.id)

    def members(self) -> NDArray[np.bool_]:
        """Return whether each individual of the population belongs to the branch."""
        branches = self.population.branches()
        if len(branches) == 1:
            return np.ones(len(self.population), np.bool_)
        return members(branches, self.branch, self.population.born_in())

    def ids(self) -> Sequence[int]:
        """Return the ids of the members, in order."""
        if len(self.population.branches()) == 1:
            return self.population.ids()
        ids: list[int] = np.flatnonzero(self.members()).tolist()
        return ids

    def births(self) -> Births:
        """Return all births, also of other branches."""
        return self.population.births()

    def genome(self, individual: int) -> Genome:
        """Return the genome of one individual."""
        return self.population.genome(individual)

    def picture(self, individual: int) -> Picture | None:
        """Return the latest picture of one individual, or None if it is not painted."""
        return self.population.picture(individual)

    def sound_picture(self, individual: int) -> Picture | None:
        """Return the latest picture of one individual; None, too, if it is damaged."""
        return self.population.sound_picture(individual)

    def embedding(self, individual: int) -> Embedding | None:
        """Return what the latest picture of one individual is like, None if that is not known."""
        return self.population.embedding(individual)

    def sight(self, individual: int) -> Sight | None:
        """Return the same for distances, as all embedders see it; None if that is not known."""
        return self.population.sight(individual)

    def wanted(self, individual: int) -> float | None:
        """Return how surely the latest picture of one individual shows what its edit asked for."""
        return self.population.wanted(individual)

    def looks(self, individual: int) -> tuple[Embedding, ...]:
        """Return all that is known of what the latest picture of one individual is like."""
        return self.population.looks(individual)

    def unpainted(self) -> list[int]:
        """Return the members that have no picture and have not failed, in order of birth."""
        unpainted, inside = self.population.unpainted(), self.members()
        return [i for i in unpainted if inside[i]]

    def failed(self) -> Mapping[int, str]:
        """Return the members whose latest attempt failed, with the reason."""
        failed, inside = self.population.failed(), self.members()
        return {i: why for i, why in failed.items() if inside[i]}

    def verdicts(self, scorer: str | None = None) -> Mapping[int, Verdict]:
        """Return what is known of every judged member, and of the hall of fame."""
        known, inside = self.population.verdicts(scorer), self.members()
        if inside.all():
            return known
        inside[[i for i, verdict in known.judged.items() if verdict.pinned]] = True
        by_person = {i: verdict for i, verdict in known.judged.items() if inside[i]}
        return Verdicts(by_person, known.scores.among(inside))

    def plan(self) -> Plan:
        """Return the latest plan, which is one for all branches."""
        return self.population.plan()

    def notes(self) -> Mapping[int, str]:
        """Return what is written on individuals, of whatever branch."""
        return self.population.notes()
