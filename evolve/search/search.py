"""Search: ask for individuals, and pass on the verdicts on them.

Ask and tell as in CMA-ES libraries, but without a state of its own: what `ask` returns follows from
the seed, the individuals so far and the verdicts, so that a search resumed from an archive
continues exactly as one that never stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from typing import Protocol

import numpy as np

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt
from evolve.genome.edit import Base
from evolve.genome.noise import stream
from evolve.genome.settings import Settings
from evolve.scoring.looks.embedding import Embedding
from evolve.search import axes, breeding, selection
from evolve.search.individual import Birth, Individual, Made
from evolve.search.pages import Pages
from evolve.search.plan import Plan
from evolve.search.policy import Policy

LooksOf = Callable[[Genome], Sequence[Embedding] | None]


class Search(Pages):
    """An evolutionary search over genomes.

    Example:
        >>> search = Search(seed=1, prompt=Prompt.typed("a face"), shape=(8, 16, 16))
        >>> page = search.ask(12)
        >>> search.tell({individual.id: my_score(individual) for individual in page})
        >>> children = search.ask(12)
    """

    def __init__(
        self,
        *,
        seed: int,
        prompt: Prompt,
        shape: tuple[int, int, int],
        settings: Settings | None = None,
        policy: Policy | None = None,
        plan: Plan | None = None,
        births: Sequence[Birth] = (),
        genome_of: Callable[[int], Genome] | None = None,
        base_of: Callable[[int], Base] | None = None,
        rank: Callable[[Search], Mapping[int, float]] | None = None,
        page: Callable[[Search, int], list[Individual] | None] | None = None,
    ) -> None:
        """Begin, or go on with `births`, ordered by id.

        Everything random follows from the seed. Prompt, settings, and the shape of the noise
        (channels, height, width) are those of founders.

        Genomes of earlier individuals come from `genome_of`; without it they are kept in memory.
        `base_of` returns the finished picture of an individual, with its latent, for children that
        start from it; if it raises an error, nothing is born. Without it the children of an edited
        picture vary inside its mask only.

        `rank` returns the fitness of all possible parents; by default it follows from the verdicts
        alone (`selection.fitness`). `page` returns `count` children that are not born yet, or None
        to leave the page to the search; it is called where neither parents nor a step are given.
        It may raise `PicturesMissing`: nothing is born, and it is called again once `looks_of`
        knows the pictures.
        """
        founding = Genome(
            noise=np.zeros(shape, np.float16), prompt=prompt, settings=settings or Settings()
        )
        super().__init__(founding, plan or Plan(), births, genome_of, base_of)
        self.seed = seed
        self.policy = policy or Policy()
        self.embedding_of: axes.EmbeddingOf = lambda individual: None
        """Returns the embedding of an individual's picture, None where it is unknown."""
        self.looks_of: LooksOf | None = None
        """Returns what the picture of an unborn genome is like, None where it is not painted;
        without it no page is chosen among pictures."""
        self._rank, self._page = rank or by_verdicts, page

    def ask(
        self,
        count: int,
        *,
        parents: Sequence[int] = (),
        strength: float | None = None,
        by_places: bool = True,
    ) -> list[Individual]:
        """Return `count` new individuals, a generation of their own.

        Without given parents the fittest of several lines are chosen, or founders are made as long
        as nothing is judged. The strength is a step in degrees, 0 to 90; else it adapts. With
        `by_places` each place holds what is planned for it, and places that were planned for one
        page are used up; the rest of the plan holds in any case.
        """
        _check(count, strength)
        is_open = by_places and not parents and strength is None
        if is_open and self._page and (page := self._page(self, count)) is not None:
            self.plan = self.plan.used()
            return self.accept(page)
        pool = self.pool(parents)
        if not pool:
            made = self._founders(count)
        else:
            dealt = self.deal(count, pool, by_places=by_places, chosen=bool(parents))
            made = self._children(dealt, pool, strength)
        born = self.accept(self._born(made))
        if by_places:
            self.plan = self.plan.used()
        return born

    def bear(self, ask: Ask) -> list[Individual | Plan]:
        """Return what is to be saved in one commit: what `ask` makes, and the plan if it changed.

        The plan changes where something in it held for this page alone.
        """
        before, born = self.plan, ask(self)
        return [*born, *([] if self.plan == before else [self.plan])]

    @property
    def looks_at_pictures(self) -> bool:
        """Whether the next page depends on what judged pictures look like."""
        is_asked: Callable[[Search], bool] | None = getattr(self._rank, "is_asked", None)
        return is_asked is not None and is_asked(self)

    def as_of_now(self, ask: Ask) -> Ask:
        """Return `ask` for a later time, by the verdicts and the plan of now."""
        verdicts, plan = self.verdicts.copy(), self.plan

        def later(search: Search) -> list[Individual]:
            twin = search.twin(search.genome)
            twin.verdicts, twin.plan = verdicts, plan
            born = ask(twin)
            first, births = len(search.births), len(search.births) + len(born)
            is_same = search.plan == plan
            search.plan = twin.plan if is_same else search.plan.behind(plan.prompt, first, births)
            return search.accept(born)

        return later

    def twin(self, genome_of: Callable[[int], Genome]) -> Search:
        """Return a copy to look ahead with, which reads genomes by `genome_of`."""
        twin = copy(self)
        twin.births, twin.verdicts = self.births.copy(), self.verdicts.copy()
        twin._kept, twin._genome_of = {}, genome_of
        return twin

    def newcomers(self, count: int) -> list[Individual]:
        """Return `count` founders: another page of the same prompt and settings."""
        _check(count, None)
        return self.accept(self._born(self._founders(count)))

    def look(self, around: int, *, angle: float | None = None) -> list[Individual]:
        """Return a ring of eight around an individual: four directions, and against each.

        Opposite ones are four places apart. The default angle is the present step. Where enough
        pictures of earlier pages are known, the first two directions lead along the axes in which
        those differ most (`evolve.search.axes`).
        """
        self._require(around)
        turn = round(self.step if angle is None else angle, 3)
        rng = stream(self.seed, len(self.births), "look")
        parent = self.as_parent(around)
        pictures = axes.pictures_before(self.births, around, self.embedding_of)
        along = axes.along(pictures, self.embedding_of, self.genome)
        return self.accept(self._born(self.ring(around, parent, rng, turn, along)))

    def steer(
        self, individual: int, *, start: int, end: int, angles: Sequence[float]
    ) -> list[Individual]:
        """Return an individual turned in the direction from `start` to `end`, by each angle."""
        for i in (individual, start, end):
            self._require(i)
        parent = self.as_parent(individual)
        turns = (self.turn(individual, parent, (start, end), angle) for angle in angles)
        return self.accept(self._born(turns))

    def alter(self, parent: int, change: Alteration, count: int) -> list[Individual]:
        """Return `count` children of one picture that differ from it in one place, or fewer."""
        _check(count, None)
        self._require(parent)
        return self.accept(self._born(change.children(self, parent, len(self.births), count)))

    def pool(self, parents: Sequence[int] = ()) -> list[int]:
        """Return the parents of the next page: those given, or the fittest.

        Empty as long as too little is judged.
        """
        for i in parents:
            self._require(i)
        if parents:
            return list(dict.fromkeys(parents))
        fit = self._rank(self)
        if not self.verdicts.judged and len(fit) < self.policy.founders:
            return []
        lines = selection.lines(self.births)
        return selection.select_parents(fit, lines, self.policy.parents, self._kinship)


Ask = Callable[[Search], list[Individual]]
"""Asks a search for newborns."""


class Alteration(Protocol):
    """A change that children of one picture have (`evolve.search.edits`)."""

    def children(self, of: Search, parent: int, first: int, count: int) -> Iterator[Made]:
        """Make `count` children of `parent`, the first of which is individual `first`."""


def by_verdicts(search: Search) -> dict[int, float]:
    """Return the fitness of each judged individual, by the verdicts alone."""
    return selection.fitness(search.births, search.verdicts)


def _check(count: int, strength: float | None) -> None:
    if count < 1:
        raise GenomeError(f"{count} individuals cannot be bred: ask for 1 or more")
    if strength is not None:
        breeding.require_angle(strength)
