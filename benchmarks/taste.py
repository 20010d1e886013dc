"""How soon does a person see what they like, by each way of making pages?

A simulated person has a hidden taste: 2, 4 or 8 attributes as the judge reads them in a picture,
each value worth a draw from N(0, 1), with interactions of pairs, and for a fifth of the variance
how light, colourful, busy and uneven a picture is, which no word names. They answer each page of 12
with ratings from 1 to 5:

    ideal      rates on one scale, without mistakes
    wrong      a fifth of the ratings are drawn at random
    relative   rates relative to the page, with noise
    drifting   likes something else after each page: the taste turns by 12 degrees

and look for a picture among the best percent of a pool of founders that was fixed before. Ways to
make pages, all from the same founders:

    random     founders
    plain GA   the two best of the page stay, the others are slerps of them, turned by 11.5 degrees
    (1+11)-ES  the best so far and eleven turned by 25 degrees
    GP pool    the highest upper confidence bounds among founders that are all painted beforehand
    ratings    the search, with parents by their own ratings
    taste      the search, with parents by what was learnt
    among 24   the same, each page chosen among 24 that are painted for it

    python -m benchmarks.taste [--seeds 6] [--pages 9] [--pool 400] [--raters ideal wrong ...]

Seeds are paired: all ways have the same taste, the same founders and the same mistakes. Shown are
the mean percentile of the page that follows 24, 48 and 96 answers, how many pictures were seen
until the first of the best percent (those who never saw one count as all they saw), and how much
higher the pages 4 and on are than those by ratings, with the 95 % interval over seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.portraits.judge import load_judge
from evolve import Genome, Prompt, Search, describe, load_renderer
from evolve.genome import noise
from evolve.rendering.painting import OwnedRenderer, paint
from evolve.rendering.protocol import Finished, Job
from evolve.scoring.embedding import Embedding
from evolve.search.individual import Birth, Origin, Verdict
from evolve.search.operators import FOUND
from evolve.taste import Taste
from evolve.taste.embeddings import Embeddings
from evolve.taste.parents import ByTaste
from evolve.taste.proposing import candidates, proposed

Array = npt.NDArray[np.float64]

PAGE = 12
PROMPT = "a portrait of a person"
ATTRIBUTES = ("style", "hair", "hair_colour", "skin", "mouth", "glasses", "beard", "hat")
ATTRIBUTES += ("background", "clothes")
MANY = (2, 4, 8)
UNNAMED, DRIFT, NOISE = 0.2, np.radians(12), 0.3
RATERS = ("ideal", "wrong", "relative", "drifting")
AFTER = (24, 48, 96)
TARGET = 0.99


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of painted pictures."""

    embeddings: list[Embedding]
    read: list[dict[str, str]]
    unnamed: Array
    """(n, 4): how light, colourful, busy and uneven they are, not standardised."""

    def __getitem__(self, places: Sequence[int]) -> Seen:
        return Seen(
            [self.embeddings[k] for k in places],
            [self.read[k] for k in places],
            self.unnamed[list(places)],
        )


class Eye:
    """Paints genomes and looks at them."""

    def __init__(self, renderer: OwnedRenderer) -> None:
        self._renderer, self._judge = renderer, load_judge()

    def __call__(self, genomes: Sequence[Genome]) -> Seen:
        """Paint genomes and look at the pictures."""
        done: dict[int, Finished] = {}
        for event in paint(self._renderer, [Job(k, g) for k, g in enumerate(genomes)]):
            if isinstance(event, Finished):
                done[event.id] = event
        ordered = [done[k] for k in range(len(genomes))]
        pictures = np.stack([event.picture for event in ordered])
        embeddings = [Embedding.from_record(event.record) for event in ordered]
        known = [each for each in embeddings if each is not None]
        assert len(known) == len(genomes)
        return Seen(known, self._judge.read(pictures), _looks(pictures))


def _looks(pictures: npt.NDArray[np.uint8]) -> Array:
    """The columns of `looks` before they are standardised on the pictures at hand."""
    values = pictures.astype(np.float64) / 255
    grey = values.mean(3)
    busy = np.abs(np.diff(grey, axis=1)).mean((1, 2)) + np.abs(np.diff(grey, axis=2)).mean((1, 2))
    uneven = np.abs(grey - grey[:, :, ::-1]).mean((1, 2))
    colourful = (values.max(3) - values.min(3)).mean((1, 2))
    return np.stack([grey.mean((1, 2)), colourful, busy, uneven], 1)


class Likes:
    """A hidden taste; another `turn` of it is the taste of a person who drifts."""

    def __init__(self, seed: int, attributes: int, pool: Seen) -> None:
        rng = np.random.default_rng([17, seed])
        self._which = rng.choice(ATTRIBUTES, attributes, replace=False).tolist()
        self._seed, self._pool = seed, pool
        self._tables = [{}, {}]  # of the taste, and of the one it turns towards
        self._rng = [np.random.default_rng([18, seed, k]) for k in range(2)]
        self._mixed = [rng.normal(size=4) for _ in range(2)]
        low, high = pool.unnamed.mean(0), pool.unnamed.std(0)
        self._scale = low, high
        named = [self._named(pool.read, k) for k in range(2)]
        self._norm = [(one.mean(), one.std()) for one in named]
        self._other = [self._looks(pool.unnamed, k).std() for k in range(2)]
        self._level: dict[float, tuple[float, float]] = {}

    def __call__(self, seen: Seen, turn: float = 0.0) -> Array:
        """How much each picture is liked, in deviations of the pool."""
        if turn not in self._level:
            raw = self._raw(self._pool, turn)
            self._level[turn] = float(raw.mean()), float(raw.std())
        mean, deviation = self._level[turn]
        return (self._raw(seen, turn) - mean) / deviation

    def _raw(self, seen: Seen, turn: float) -> Array:
        parts = []
        for k in range(2):
            mean, deviation = self._norm[k]
            named = (self._named(seen.read, k) - mean) / deviation
            unnamed = self._looks(seen.unnamed, k) / self._other[k]
            parts.append(np.sqrt(1 - UNNAMED) * named + np.sqrt(UNNAMED) * unnamed)
        return np.asarray(np.cos(turn) * parts[0] + np.sin(turn) * parts[1])

    def _looks(self, unnamed: Array, k: int) -> Array:
        low, high = self._scale
        return np.asarray((unnamed - low) / high @ self._mixed[k])

    def _named(self, read: Sequence[dict[str, str]], k: int) -> Array:
        values = [[(a, one[a]) for a in self._which] for one in read]
        pairs = [[(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)] for row in values]
        worth = [
            sum(self._worth(v, k) for v in row) + 0.7 * sum(self._worth(p, k) for p in both)
            for row, both in zip(values, pairs, strict=True)
        ]
        return np.array(worth)

    def _worth(self, key: object, k: int) -> float:
        if key not in self._tables[k]:  # by name alone: the order of pictures must not matter
            text = repr((self._seed, k, key)).encode()
            drawn = np.random.default_rng(list(text)).normal()
            self._tables[k][key] = float(drawn)
        return float(self._tables[k][key])


def rated(rater: str, liked: Array, rng: np.random.Generator) -> list[int]:
    """Return what a person rates a page."""
    doubt, wrong = rng.normal(size=len(liked)), rng.random(len(liked)) < 0.2
    drawn = rng.integers(1, 6, len(liked))
    felt = liked
    if rater == "relative":
        felt = (liked - liked.mean()) / max(0.4, liked.std()) + NOISE * doubt
    ratings = np.clip(np.rint(3 + 1.3 * felt), 1, 5).astype(int)
    return np.where(wrong, drawn, ratings).tolist() if rater == "wrong" else ratings.tolist()


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


def evening(
    how: str, rater: str, seed: int, pages: int, eye: Eye, pool: Seen, other: Seen
) -> tuple[Array, int]:
    """Return the mean percentile of each page, and how many pictures were seen until the target."""
    likes = Likes(seed, MANY[seed % len(MANY)], pool)
    over = OverPool(other) if how == "GP pool" else None
    kinds = {"plain GA": "ga", "(1+11)-ES": "es"}
    maker: Turning | BySearch
    if how in kinds:
        maker = Turning(seed, kinds[how])
    else:
        maker = Among(seed, eye) if how == "among 24" else BySearch(seed, how)
    percentiles, until = [], 0
    for page in range(pages):
        turn = page * DRIFT if rater == "drifting" else 0.0
        level = np.sort(likes(pool, turn))
        seen = other[over.places()] if over else eye(maker.page())
        liked = likes(seen, turn)
        below = np.searchsorted(level, liked) / len(level)
        percentiles.append(below.mean())
        if not until and (below >= TARGET).any():
            until = page * PAGE + int((below >= TARGET).argmax()) + 1
        ratings = rated(rater, liked, np.random.default_rng([19, seed, page]))
        if over:
            over.told(ratings)
        else:
            maker.told(seen, ratings)
    return np.array(percentiles), until or pages * PAGE


def main() -> None:
    """Let persons look, and print a table for each kind of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--pages", type=int, default=9)
    parser.add_argument("--pool", type=int, default=400)
    parser.add_argument("--raters", nargs="+", choices=RATERS, default=RATERS)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    args = parser.parse_args()
    with load_renderer("portraits") as renderer:
        eye = Eye(renderer)
        pool, other = (eye(founders(seed, args.pool)) for seed in (999_983, 999_979))
        for rater in args.raters:
            found: dict[str, list[tuple[Array, int]]] = {how: [] for how in args.ways}
            for seed in range(args.first, args.first + args.seeds):
                for how in args.ways:
                    found[how].append(evening(how, rater, seed, args.pages, eye, pool, other))
            print(f"\n{rater}: {args.seeds} tastes, seeds {args.first} on", flush=True)
            show(found)


WAYS = ("random", "plain GA", "(1+11)-ES", "GP pool", "ratings", "taste", "among 24")


def founders(seed: int, count: int) -> list[Genome]:
    """Return founders, no two of them mirrored."""
    search = BySearch(seed, "ratings").search
    template = search.template
    drawn = (noise.draw(noise.stream(seed, k, "pool"), template.noise.shape) for k in range(count))
    return [Genome(noise.stored(one), template.prompt, template.settings) for one in drawn]


def show(found: Mapping[str, list[tuple[Array, int]]]) -> None:
    """Print a row for each way to make pages."""
    pages = {how: np.stack([one for one, _ in rows]) for how, rows in found.items()}
    heads = "".join(f"{f'after {count}':>10}" for count in AFTER)
    print(f"{'':<12}{heads}{'seen (median)':>16}{'over ratings, pages 4 on':>28}")
    for how, rows in found.items():
        cells = "".join(
            f"{pages[how][:, count // PAGE].mean():10.2f}"
            if count // PAGE < pages[how].shape[1]
            else f"{'':>10}"
            for count in AFTER
        )
        until = np.array([count for _, count in rows])
        line = f"{how:<12}{cells}{f'{until.mean():.0f} ({np.median(until):.0f})':>16}"
        if "ratings" in pages and how != "ratings":
            gain = (pages[how] - pages["ratings"])[:, 3:].mean(1)
            half = 1.96 * gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.nan
            line += f"{f'{gain.mean():+.3f} ± {half:.3f}':>28}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
