"""How long a taste takes to learn, and to think of a page."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from benchmarks.tasting.person import Likes, Seen, rated
from benchmarks.tasting.ways import PAGE, ByPages, World
from evolve import Genome
from evolve.scoring.looks.embedding import Embedding
from evolve.taste.attributes import Attributes

WIDTHS = (192, 126)
"""Of an embedding and a reading of `portraits`: the made-up generator has narrower ones."""
TRIES = 21


def times() -> None:
    """Print how many milliseconds of a core each takes: what else runs there does not count."""
    world = World.made_up()
    likes, way = Likes(0, 4, world.pool), ByPages(wide(world), 0)
    rng = np.random.default_rng(0)
    print(f"{'answers':>8}{'learn':>9}{'learn, and a page of 12':>25}   (ms, median of {TRIES})")
    for page in range(84):
        seen = way.page()
        way.learn_from(rated("relative", likes(seen), rng))
        if (answers := (page + 1) * PAGE) in (24, 48, 96, 252, 504, 1008):
            learn, think = taken(way.learn), taken(way.think)
            print(f"{answers:8}{learn:9.1f}{think:25.1f}", flush=True)


def wide(world: World) -> World:
    """Return a world that looks as wide as that of `portraits`, by dimensions of no meaning."""
    rng = np.random.default_rng(0)

    def widened(look: Embedding, width: int) -> Embedding:
        further = 1e-3 * rng.normal(size=max(0, width - len(look.vector)))
        vector = np.concatenate([look.vector, further.astype(np.float16)])
        return Embedding(look.of, vector)

    def eye(genomes: Sequence[Genome]) -> Seen:
        seen = world.eye(genomes)
        looks = [tuple(map(widened, each, WIDTHS)) for each in seen.looks]
        return Seen(looks, seen.read, seen.unnamed)

    known = world.attributes
    names, values = (*known.names, "rest"), (*known.values, WIDTHS[1] - sum(known.values))
    return replace(world, eye=eye, attributes=Attributes(known.reader, names, values))


def taken(work: Callable[[int], object]) -> float:
    """Return the milliseconds of a core that work takes with one rating changed, the median."""
    spent = []
    for k in range(TRIES):
        start = time.thread_time()
        work(3 + k % 2)
        spent.append(time.thread_time() - start)
    return float(np.median(spent)) * 1000
