"""Ways of making pages for a person: as fancier breeds, as others would, and founders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from benchmarks.tasting.paintings import Paintings
from benchmarks.tasting.person import ATTRIBUTES, Array, Eye, Seen
from benchmarks.tasting.stand_in import SHAPE, VALUES, StandIn
from evolve import Genome, Prompt, Search, describe
from evolve.errors import PicturesMissing
from evolve.genome import noise
from evolve.genome.settings import Settings
from evolve.rendering.painting import OwnedRenderer
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.reading import meanings_read
from evolve.search.individual import Birth, Individual, Origin, Verdict
from evolve.search.operators import FOUND
from evolve.search.plan import By
from evolve.taste.attributes import Attributes
from evolve.taste.embeddings import Embeddings
from evolve.taste.learning import NEWEST, Learning
from evolve.taste.parents import ByTaste
from evolve.taste.taste import Taste

PAGE = 12
PROMPT = "a portrait of a person"


@dataclass(frozen=True, slots=True)
class World:
    """What is bred: a model, and who looks at its pictures."""

    eye: Eye
    shape: tuple[int, int, int]
    settings: Settings
    pool: Seen
    """Founders by which tastes are scaled, and the target is fixed."""
    other: Seen
    """Others, all painted beforehand, for a way that only chooses."""
    painted: Callable[[], int]
    """How many pictures were looked at so far."""
    attributes: Attributes
    """What a reader finds."""

    def learning(self, *, told_apart: bool = True) -> Learning:
        """Return what a taste is learnt by: each attribute for itself, or all alike."""
        return Learning(NEWEST, self.attributes if told_apart else None)

    def search(
        self,
        seed: int,
        rank: ByTaste | None = None,
        page: Callable[[Search, int], list[Individual] | None] | None = None,
    ) -> Search:
        """Return a search of nothing yet."""
        return Search(
            seed=seed,
            prompt=Prompt.parse(PROMPT),
            shape=self.shape,
            settings=self.settings,
            rank=rank,
            page=page,
        )

    @classmethod
    def painted_by(
        cls, renderer: OwnedRenderer, kept: Path, pool: int, other: int, steps: int
    ) -> "World":
        """Return the world of `portraits`; what is seen in its pictures is kept in a file.

        Pools have the usual steps; what is bred has `steps`.
        """
        eye = Paintings(renderer, kept)
        pools = eye(founders(999_983, pool)), eye(founders(999_979, other))
        card = describe("portraits")
        settings = replace(card.settings, steps=steps)
        attributes = Attributes.of("reader", meanings_read(card).phrases)
        return cls(eye, card.latent, settings, *pools, lambda: eye.seen, attributes)

    @classmethod
    def made_up(cls) -> "World":
        """Return a world that costs nothing."""
        eye = StandIn()

        def drawn(seed: int, count: int) -> Seen:
            streams = (noise.stream(seed, k, "pool") for k in range(count))
            latents = (noise.stored(noise.draw(stream, SHAPE)) for stream in streams)
            return eye([Genome(one, Prompt.parse(PROMPT), Settings()) for one in latents])

        pools = drawn(1, 3000), drawn(2, 400)
        attributes = Attributes("reader", ATTRIBUTES, VALUES)
        return cls(eye, SHAPE, Settings(), *pools, lambda: eye.seen, attributes)


class Way(Protocol):
    """Makes pages."""

    def page(self) -> Seen:
        """Return what is seen on the next page."""

    def learn_from(self, ratings: Sequence[int]) -> None:
        """Learn from the ratings of the page."""

    def expects(self, seen: Seen) -> Array | None:
        """Return how much each picture should be liked, (n,); None if it has no idea."""


class BySearch:
    """Pages as fancier breeds them."""

    def __init__(self, world: World, seed: int, by: By = "ratings") -> None:
        self._world, self._seed = world, seed
        self._looks: dict[int, tuple[Embedding, ...]] = {}
        self._rank = ByTaste(self._looks.get, founded=by, learning=world.learning())
        self.search = world.search(seed, self._rank)

    def born(self) -> list[Individual]:
        """Return the next page, unpainted."""
        return self.search.ask(PAGE)

    def page(self) -> Seen:
        """Return what is seen on the next page."""
        born = self.born()
        self.ids = [one.id for one in born]
        seen = self._world.eye([one.genome for one in born])
        self._looks.update(zip(self.ids, seen.looks, strict=True))
        return seen

    def learn_from(self, ratings: Sequence[int]) -> None:
        """Learn from the ratings of the page."""
        page = self.search.births[self.ids[0]].generation
        self.search.tell(
            {i: Verdict(rating=r, page=page) for i, r in zip(self.ids, ratings, strict=True)}
        )

    def expects(self, seen: Seen) -> Array | None:
        """Return what a taste expects: the search itself expects nothing."""
        return None


class ByPages(BySearch):
    """Pages by taste, as the app breeds them."""

    def __init__(self, world: World, seed: int) -> None:
        super().__init__(world, seed, "taste")
        self.search = world.search(seed, self._rank, self._rank.page)

    def expects(self, seen: Seen) -> Array | None:
        """Return what the taste expects."""
        known = Embeddings(seen.looks.__getitem__)
        return self._rank.taste(self.search).of(range(len(seen.looks)), known)[1].mean

    def learn(self, rating: int) -> Taste:
        """Learn everything again, with another rating of the last picture."""
        last = self.ids[-1]
        self.search.tell({last: replace(self.search.verdicts[last], rating=rating)})
        return self._rank.taste(self.search)

    def think(self, rating: int) -> list[Individual] | None:
        """Learn with another rating, and think of the next page; nothing comes of it."""
        self.learn(rating)
        return self._rank.page(self.search, PAGE)


class Among(ByPages):
    """Pages that are chosen by taste among several times as many painted candidates."""

    def __init__(self, world: World, seed: int, times: float, *, told_apart: bool = True) -> None:
        super().__init__(world, seed)
        learning = world.learning(told_apart=told_apart)
        self._rank = ByTaste(self._looks.get, founded="taste", times=times, learning=learning)
        self.search = world.search(seed, self._rank, self._rank.page)
        self._painted: dict[str, tuple[Embedding, ...]] = {}
        self.search.looks_of = lambda genome: self._painted.get(genome.digest)

    def born(self) -> list[Individual]:
        """Return the next page."""
        while True:
            try:
                return self.search.ask(PAGE)
            except PicturesMissing as missing:
                digests = [genome.digest for genome in missing.genomes]
                seen = self._world.eye(missing.genomes)
                self._painted.update(zip(digests, seen.looks, strict=True))


class Turning:
    """A genetic algorithm or evolution strategy of a few lines."""

    def __init__(self, world: World, seed: int, kind: str) -> None:
        self._world, self._seed, self._kind, self._count = world, seed, kind, 0
        self._next = [one.genome for one in world.search(seed).ask(PAGE)]

    def page(self) -> Seen:
        """Return what is seen on the next page."""
        return self._world.eye(self._next)

    def learn_from(self, ratings: Sequence[int]) -> None:
        """Learn from the ratings of the page."""
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

    def expects(self, seen: Seen) -> Array | None:
        """Return nothing: it learns of no picture but those of the page."""
        return None

    def _turned(self, start: npt.NDArray[np.floating], like: Genome, angle: float) -> Genome:
        self._count += 1
        rng = noise.stream(self._seed, self._count, "turned")
        return Genome(turned(start, rng, angle), like.prompt, like.settings)


class OverPool:
    """GP-UCB over founders that are painted already, or pages of them by chance."""

    def __init__(self, world: World, seed: int, chooses: bool = True) -> None:
        self._world, self._pool, self._chooses = world, world.other, chooses
        order = np.random.default_rng([21, seed]).permutation(len(self._pool.read))
        self._order: list[int] = order.tolist()
        self._births: list[Birth] = []
        self._shown: list[int] = []
        self._verdicts: dict[int, Verdict] = {}

    def page(self) -> Seen:
        """Return what is seen on the next page."""
        shown = set(self._shown)
        free = [k for k in self._order if k not in shown]
        self._page = free[:PAGE]
        if self._verdicts and self._chooses:
            taste = self._taste()
            seen, (mean, deviation) = taste.of(free, Embeddings(self._pool.looks.__getitem__))
            best = np.argsort(-(mean + deviation), kind="stable")[:PAGE]
            self._page = [seen[k] for k in best.tolist()]
        return self._pool[self._page]

    def learn_from(self, ratings: Sequence[int]) -> None:
        """Learn from the ratings of the page."""
        page = len(self._births) // PAGE
        for k, rating in zip(self._page, ratings, strict=True):
            i = len(self._births)
            self._births.append(Birth(id=i, origin=Origin(FOUND.name), generation=page))
            self._shown.append(k)
            self._verdicts[i] = Verdict(rating=rating, page=page)

    def expects(self, seen: Seen) -> Array | None:
        """Return what the process expects."""
        if not self._chooses:
            return None
        known = Embeddings(seen.looks.__getitem__)
        return self._taste().of(range(len(seen.looks)), known)[1].mean

    def _taste(self) -> Taste:
        look = {i: self._pool.looks[k] for i, k in enumerate(self._shown)}
        learning = self._world.learning()
        return Taste(Embeddings(look.get), self._births, self._verdicts, learning=learning)


def turned(
    start: npt.NDArray[np.floating], rng: np.random.Generator, degrees: float
) -> npt.NDArray[np.float16]:
    """Return noise that is turned towards fresh noise."""
    fresh, turn = noise.draw(rng, start.shape), np.radians(degrees)
    return noise.stored(np.cos(turn) * start.astype(float) + np.sin(turn) * fresh)


def founders(seed: int, count: int) -> list[Genome]:
    """Return founders of `portraits`, no two of them mirrored."""
    card = describe("portraits")
    prompt = Prompt.parse(PROMPT)
    drawn = (noise.draw(noise.stream(seed, k, "pool"), card.latent) for k in range(count))
    return [Genome(noise.stored(one), prompt, card.settings) for one in drawn]
