"""A branch as the engine sees it: an archive of its members, and of the hall of fame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evolve.archive import Picture, Row
from evolve.genome import Genome
from evolve.individual import Birth, Verdict
from evolve.plan import Plan
from evolve.verdicts import Verdicts
from populations.branches import Branch, members
from populations.lineage import ancestors

if TYPE_CHECKING:
    from populations.population import Population


class View:
    """One branch of a population; implements `evolve.archive.Archive`.

    Newborns are born in the branch. The pinned of all branches are the hall of fame: they may
    become parents in every branch, so their verdicts and births are told here too, with the births
    of those they descend from.
    """

    def __init__(self, population: Population, branch: Branch) -> None:
        self.population = population
        self.branch = branch

    def append(self, rows: Sequence[Row]) -> None:
        """Commit all `rows` together or none; individuals are born in this branch."""
        self.population.append(rows, branch=self.branch.id)

    def members(self) -> NDArray[np.bool_]:
        """Return who belongs to the branch, for every individual of the population."""
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

    def births(self) -> Sequence[Birth]:
        """Return the births of members, of the hall of fame, and of all they descend from."""
        births, inside = self.population.births(), self.members()
        if inside.all():
            return births
        # Up to the fork a member's parents are members; after it, they may be from the hall.
        after = np.flatnonzero(inside & (np.arange(len(inside)) >= self.branch.fork))
        hall = [i for i in self._hall() if not inside[i]]
        for i in (*hall, *after.tolist()):
            if i in hall or not inside[list(births[i].parents)].all():
                inside[[i, *ancestors(births, i)]] = True
        return [births[i] for i in np.flatnonzero(inside).tolist()]

    def genome(self, individual: int) -> Genome:
        """Return the genome of one individual."""
        return self.population.genome(individual)

    def picture(self, individual: int) -> Picture | None:
        """Return the latest picture of one individual, or None if it is not painted."""
        return self.population.picture(individual)

    def unpainted(self) -> list[int]:
        """Return the members that have no picture and have not failed, in order of birth."""
        inside = self.members()
        return [i for i in self.population.unpainted() if inside[i]]

    def failed(self) -> Mapping[int, str]:
        """Return the members whose latest attempt failed, with the reason."""
        inside = self.members()
        return {i: why for i, why in self.population.failed().items() if inside[i]}

    def verdicts(self, scorer: str | None = None) -> Mapping[int, Verdict]:
        """Return what is known of every judged member, and of the hall of fame."""
        inside, known = self.members(), Verdicts.of(self.population.verdicts(scorer))
        if inside.all():
            return known
        inside[self._hall()] = True
        said = {i: verdict for i, verdict in known.said.items() if inside[i]}
        return Verdicts(said, known.scores.among(inside))

    def plan(self) -> Plan:
        """Return the latest plan, which is one for all branches."""
        return self.population.plan()

    def _hall(self) -> list[int]:
        said = Verdicts.of(self.population.verdicts()).said
        return [i for i, verdict in said.items() if verdict.pinned]
