"""Ways of making pages for a person: as fancier breeds, as others would, and founders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.tasting.person import Eye, Seen
from evolve import Genome, Prompt, Search, describe
from evolve.genome import noise
from evolve.scoring.embedding import Embedding
from evolve.search.individual import Birth, Origin, Verdict
from evolve.search.operators import FOUND
from evolve.taste import Taste
from evolve.taste.embeddings import Embeddings
from evolve.taste.parents import ByTaste
from evolve.taste.proposing import candidates, proposed

PAGE = 12
PROMPT = "a portrait of a person"


class BySearch:
    """Pages as fancier breeds them."""

    def __init__(self, seed: int, by: str) -> None:
        card = describe("portraits")
        self._looks: dict[int, Embedding] = {}
        self._rank = ByTaste(
            self._looks.get, founded="ratings" if by in ("ratings", "random") else "taste"
        )
        self.search = Search(
            seed=seed,
            prompt=Prompt.parse(PROMPT),
            shape=card.latent,
            settings=card.settings,
            rank=self._rank,
        )
        self._by = by

    def page(self) -> list[Genome]:
        """Return the next page."""
        fresh = self._by == "random" and len(self.search.births)
        born = self.search.newcomers(PAGE) if fresh else self.search.ask(PAGE)
        self._ids = [one.id for one in born]
        return [one.genome for one in born]

    def told(self, seen: Seen, ratings: Sequence[int]) -> None:
        """Learn what was said of it."""
        self._looks.update(zip(self._ids, seen.embeddings, strict=True))
        page = self.search.births[self._ids[0]].generation
        self.search.tell(
            {i: Verdict(rating=r, page=page) for i, r in zip(self._ids, ratings, strict=True)}
        )


class Among(BySearch):
    """Pages that are chosen by taste among twice as many candidates."""

    def __init__(self, seed: int, eye: Eye) -> None:
        super().__init__(seed, "taste")
        self._own, self._eye = seed, eye
        self._said: dict[int, Verdict] = {}

    def page(self) -> list[Genome]:
        """Return the next page."""
        if not self._said:
            return super().page()
        born = candidates(self._again, 2 * PAGE, PAGE)
        seen = self._eye([one.genome for one in born])
        taste = self._rank.taste(self.search)
        looks = dict(enumerate(seen.embeddings))
        chosen = proposed(taste, born, looks, PAGE, len(self.search.births))
        page = self.search.accept([one for _, one in chosen])
        self._ids = [one.id for one in page]
        return [one.genome for one in page]

    def told(self, seen: Seen, ratings: Sequence[int]) -> None:
        """Learn what was said of it."""
        super().told(seen, ratings)
        self._said = dict(self.search.verdicts)

    def _again(self) -> Search:
        search = Search(
            seed=self._own,
            prompt=Prompt.parse(PROMPT),
            shape=self.search.founding.noise.shape,
            settings=self.search.founding.settings,
            births=self.search.births,
            genome_of=self.search.genome,
            rank=self._rank,
        )
        search.tell(self._said)
        return search


class Turning:
    """A genetic algorithm or evolution strategy of a few lines."""

    def __init__(self, seed: int, kind: str) -> None:
        self._seed, self._kind, self._count = seed, kind, 0
        self._next = [one.genome for one in BySearch(seed, "ratings").search.ask(PAGE)]

    def page(self) -> list[Genome]:
        """Return the next page."""
        return self._next

    def told(self, seen: Seen, ratings: Sequence[int]) -> None:
        """Learn what was said of it."""
        order = sorted(range(PAGE), key=lambda k: (-ratings[k], k))
        first, second = (self._next[k] for k in order[:2])
        if self._kind == "es":
            self._next = [first, *(self._turned(first.noise, first, 25.0) for _ in range(PAGE - 1))]
            return
        children = [first, second]
        while len(children) < PAGE:
            share = noise.stream(self._seed, self._count, "share").random()
            middle = noise.slerp(first.noise.astype(float), second.noise.astype(float), share)
            children.append(self._turned(middle, first, 11.5))
        self._next = children

    def _turned(self, start: npt.NDArray[np.floating], like: Genome, angle: float) -> Genome:
        self._count += 1
        rng = noise.stream(self._seed, self._count, "turned")
        fresh = noise.draw(rng, like.noise.shape)
        turn = np.radians(angle)
        turned = np.cos(turn) * start.astype(float) + np.sin(turn) * fresh
        return Genome(noise.stored(turned), like.prompt, like.settings)


class OverPool:
    """GP-UCB over founders that are painted already."""

    def __init__(self, pool: Seen) -> None:
        self._pool = pool
        self._births: list[Birth] = []
        self._shown: list[int] = []
        self._verdicts: dict[int, Verdict] = {}

    def places(self) -> list[int]:
        """Return whom of the pool the next page shows."""
        free = [k for k in range(len(self._pool.read)) if k not in set(self._shown)]
        chosen = free[:PAGE]
        if self._verdicts:
            look = {i: self._pool.embeddings[k] for i, k in enumerate(self._shown)}
            taste = Taste(Embeddings(look.get), self._births, self._verdicts)
            vectors = np.stack([self._pool.embeddings[k].vector for k in free]).astype(float)
            mean, deviation = taste.predict(vectors)
            order = np.argsort(-(mean + deviation), kind="stable")[:PAGE]
            chosen = [free[k] for k in order.tolist()]
        self._page = chosen
        return chosen

    def told(self, ratings: Sequence[int]) -> None:
        """Learn what was said of them."""
        page = len(self._births) // PAGE
        for k, rating in zip(self._page, ratings, strict=True):
            i = len(self._births)
            self._births.append(Birth(id=i, origin=Origin(FOUND.name), generation=page))
            self._shown.append(k)
            self._verdicts[i] = Verdict(rating=rating, page=page)


def founders(seed: int, count: int) -> list[Genome]:
    """Return founders, no two of them mirrored."""
    search = BySearch(seed, "ratings").search
    template = search.template
    drawn = (noise.draw(noise.stream(seed, k, "pool"), template.noise.shape) for k in range(count))
    return [Genome(noise.stored(one), template.prompt, template.settings) for one in drawn]
