"""The individuals of a search so far, and what their children inherit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from evolve.errors import ArchiveError, GenomeError
from evolve.genome import Genome
from evolve.genome.edit import Base
from evolve.genome.noise import correlation
from evolve.search import breeding
from evolve.search.births import Births
from evolve.search.individual import Birth, Individual, Made, Verdict
from evolve.search.operators import operator_of
from evolve.search.plan import Plan
from evolve.search.released import (
    is_held,
    released,
    settled,
    was_released,
    with_own_guidance,
)
from evolve.search.verdicts import Verdicts


class Family:
    """All individuals of a search, those of earlier days included."""

    def __init__(
        self,
        founding: Genome,
        plan: Plan,
        births: Sequence[Birth],
        genome_of: Callable[[int], Genome] | None,
        base_of: Callable[[int], Base] | None,
    ) -> None:
        """Begin, or go on with `births` (the arguments are those of `Search`)."""
        if births and genome_of is None:
            raise GenomeError("to go on with earlier individuals, say where their genomes are")
        self.plan = plan
        """May be replaced at any time; holds from the next individual on."""
        self.founding = founding
        """Prompt and settings of the first founders; its noise has no meaning."""
        self.births = Births.of(births).copy()
        self.verdicts = Verdicts()
        self._genome_of = genome_of
        self.base_of = base_of
        self._kept: dict[int, Genome] = {}

    @property
    def template(self) -> Genome:
        """Prompt and settings of newcomers; its noise has no meaning."""
        return self.plan.reworded(-1, self.founding)

    @property
    def next_generation(self) -> int:
        """Generation of the next page."""
        return int(self.births.generations[-1]) + 1 if self.births else 0

    def tell(self, verdicts: Mapping[int, Verdict | float], *, forget: bool = False) -> None:
        """Learn verdicts by individual; a plain number is a score.

        A later verdict replaces an earlier one, and an empty one takes it back. `forget` takes back
        all earlier ones, those on other individuals too.
        """
        ids = verdicts.ids if isinstance(verdicts, Verdicts) else np.array(list(verdicts), np.int64)
        for i in (ids.min(), ids.max()) if len(ids) else ():
            self._require(int(i))
        if forget and isinstance(verdicts, Verdicts):
            self.verdicts = verdicts.copy()
            return
        if forget:
            self.verdicts = Verdicts()
        for i, verdict in verdicts.items():
            known = verdict if isinstance(verdict, Verdict) else Verdict(score=float(verdict))
            self.verdicts.put(i, known)

    def birth(self, individual: int) -> Birth:
        """Return the birth of an individual."""
        self._require(individual)
        return self.births[individual]

    def genome(self, individual: int) -> Genome:
        """Return the genome of an individual."""
        self._require(individual)
        if individual in self._kept:
            return self._kept[individual]
        assert self._genome_of is not None
        return self._genome_of(individual)

    def came_to(self, individual: int) -> Base:
        """Return the finished picture of an individual, with its latent."""
        self._require(individual)
        if self.base_of is None:
            raise GenomeError("latents of pictures are unknown here: pass base_of to the search")
        return self.base_of(individual)

    def inherited(self, individual: int, plan: Plan | None = None) -> Genome:
        """Return the genome of an individual under a plan; None for the present one."""
        return (plan or self.plan).reworded(individual, self.genome(individual))

    def as_parent(self, individual: int, plan: Plan | None = None) -> Genome:
        """Return the genome of an individual as its children inherit it, under a plan.

        Raises:
            BaseMissing: They start from its finished picture, whose latent is not known yet.
        """
        genome = self.inherited(individual, plan)
        if self.base_of is None or not is_held(genome):
            return genome
        own = with_own_guidance(genome, self.birth(individual))
        return released(own, self.base_of(individual))

    def settled(self, made: Made, parent: int, inherited: Genome) -> Made:
        """Return a child with the depth from which it starts, if an ancestor was edited.

        `inherited` is the genome of its parent as the child inherited it.
        """
        edit = made.genome.edit
        if self.base_of is None or edit is None or inherited.edit is not edit:
            return made
        if not (is_held(self.genome(parent)) or was_released(self.births[parent])):
            return made
        return settled(made, inherited)

    def spec(self, operator: str, angle: float, step: float | None = None) -> breeding.ChildSpec:
        """Return how an operator makes a child, under the present plan; the step is its angle."""
        return breeding.ChildSpec(
            operator=operator_of(operator),
            step=angle if step is None else step,
            angle=angle,
            locked=self.plan.locked,
            factor=self.plan.strengths.get(operator, 1.0),
        )

    def child(
        self,
        rng: np.random.Generator,
        spec: breeding.ChildSpec,
        main: int,
        pool: Sequence[int],
        *,
        as_parent: Callable[[int], Genome],
        plan: Plan | None = None,
    ) -> Made:
        """Make a child of `main`, perhaps with others of the pool, under a plan.

        `as_parent` returns genomes as children inherit them, each time the same object: an edit
        that was released is recognised by it.
        """
        is_copy = spec.operator.kind == "keep"
        known = (lambda i: self.inherited(i, plan)) if is_copy else as_parent
        template = (plan or self.plan).reworded(-1, self.founding)
        made = breeding.make_child(rng, spec, main, pool, known, template)
        for parent in () if is_copy else made.parents:  # its edit comes from one of them
            made = self.settled(made, parent, as_parent(parent))
        return made

    def accept(self, newborn: list[Individual]) -> list[Individual]:
        """Add individuals, which carry the next free ids."""
        for individual in newborn:
            self.births.append(individual)
            if self._genome_of is None:
                self._kept[individual.id] = individual.genome
        return newborn

    def _born(self, children: Iterable[Made]) -> list[Individual]:
        """Return children as individuals of a generation of their own."""
        first, generation = len(self.births), self.next_generation
        return [made.born(id, generation) for id, made in enumerate(children, first)]

    def _require(self, individual: int) -> None:
        if not 0 <= individual < (count := len(self.births)):
            ids = f"ids go from 0 to {count - 1}" if count else "found some first"
            raise GenomeError(f"there is no individual {individual}: {ids}")

    def _is_masked(self, individual: int) -> bool:
        try:
            return is_held(self.genome(individual))
        except ArchiveError:  # damaged; breeding from others goes on
            return True

    def _kinship(self, a: int, b: int) -> float:
        return correlation(self.genome(a).noise, self.genome(b).noise)
