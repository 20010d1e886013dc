"""What could be reached at best: pages by one who knows how much the person likes every picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.tasting.person import Array, Seen
from benchmarks.tasting.ways import PAGE, BySearch, World
from evolve.search.individual import Individual
from evolve.taste.embeddings import Embeddings
from evolve.taste.pages.candidates import to_paint
from evolve.taste.pages.page import born_of, page_by_taste, pool_of
from evolve.taste.taste import Prediction, Taste

STEPS = 1.3
"""Rating steps that a deviation of the pool is worth."""
Person = Callable[[Seen], Array]
"""How much a person likes pictures now, in deviations of the pool."""


class Knows(Taste):
    """A taste that knows how much each picture is liked, instead of learning it."""

    worth: Mapping[int, float]

    def of(
        self, individuals: Sequence[int], embeddings: Embeddings | None = None
    ) -> tuple[list[int], Prediction]:
        """Return who of these can be compared, and what they are worth."""
        seen, _ = super().of(individuals, embeddings)
        worth = np.array([self.worth[i] for i in seen])
        return seen, Prediction(worth, np.full(len(seen), 1e-3))


class Knowing(BySearch):
    """Pages by the same generator and operators, from what everyone shown is truly worth.

    What is not painted yet it has to foretell from its parents, as a taste has. With candidates it
    paints them, and shows those that are worth most.
    """

    def __init__(self, world: World, seed: int, person: Person, among: int = PAGE) -> None:
        """Know `person`, and choose each page `among` so many painted candidates."""
        super().__init__(world, seed)
        self._person, self._among = person, among
        self._shown: list[Seen] = []

    def born(self) -> list[Individual]:
        """Return the next page."""
        search = self.search
        if not search.verdicts.judged:
            return search.ask(PAGE)
        shown = [float(worth) * STEPS for seen in self._shown for worth in self._person(seen)]
        taste = Knows(Embeddings(self._looks.get), search.births, search.verdicts)
        taste.worth = dict(enumerate(shown))
        if self._among <= PAGE:
            return search.accept(page_by_taste(search, taste, taste.worth, PAGE))
        thought = to_paint(pool_of(taste, taste.worth).parents, self._among, search.menu)
        born = born_of(search, [(each, None) for each in thought], f"painted {len(search.births)}")
        worth = self._person(self._world.eye([one.genome for one in born]))
        best = np.argsort(-worth, kind="stable")[:PAGE].tolist()
        first = len(search.births)
        return search.accept([replace(born[k], id=first + j) for j, k in enumerate(best)])

    def page(self) -> Seen:
        """Return what is seen on the next page."""
        seen = super().page()
        self._shown.append(seen)
        return seen
