"""A branch as the engine sees it: an archive of its members, and of the hall of fame."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from evolve.search.individual import Verdict
from evolve.search.verdicts import Verdicts
from evolve.session.archive import Row
from populations.core.branches import Branch, members
from populations.core.reading import Reading

Whole = TypeVar("Whole", bound=Reading)


class View(Generic[Whole]):
    """One branch of a population; implements `evolve.session.archive.Archive`.

    Newborns are born in the branch. The pinned of all branches are the hall of fame: they may
    become parents in every branch, so their verdicts count here too.

    It may be read while the population grows: which belong to the branch is read last, so that
    all that was read before is known by then.
    """

    def __init__(
        self, population: Whole, branch: Branch, append: Callable[[Sequence[Row]], None]
    ) -> None:
        """Show a branch; `append` commits rows together, and individuals are born in the branch."""
        self.population = population
        self.branch = branch
        self.append = append
        # What follows is of all branches, or is asked of one individual.
        self.births, self.genome = population.births, population.genome
        self.picture, self.sound_picture = population.picture, population.sound_picture
        self.embedding, self.sight = population.embedding, population.sight
        self.wanted, self.looks = population.wanted, population.looks
        self.plan, self.notes = population.plan, population.notes

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
