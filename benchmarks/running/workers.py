"""Do several workers paint faster than one, the same, and all of it though they are killed?

On a Ray cluster of two nodes on this machine, with renderers that wait as long as a GPU would
compute (`sleeper`), so that the cores here do not decide. First how long one and two workers take
for the same genomes, in turns. Then a run of 500 individuals with a population on disk, once with
one worker here without Ray, once with two on the cluster of which each is killed: who is born, all
pictures and all scores are compared.

    python -m benchmarks.running.workers [--pictures 192] [--rounds 3] [--images 500]
"""

import contextlib
import os
import signal
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from fakes import RedScorer
from small_population import CONFIG

from benchmarks.running import sleeper
from benchmarks.running.cluster_here import cluster
from benchmarks.running.contents import contents, differing
from benchmarks.scripting.command_line import parser_of
from evolve.genome import Genome, Prompt
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process.pool import Pool
from evolve.rendering.protocol import Finished, Restarted
from evolve.search import Search
from evolve.session.headless.run import Run
from populations import Population


def ready(pool: Pool) -> Pool:
    """Wait until all workers of a pool are ready."""
    while not all(member.room for member in pool._members):
        pool.poll(0.1)
    return pool


def seconds(renderer: OwnedRenderer, genomes: Sequence[Genome]) -> float:
    """Return how long it takes to paint genomes."""
    started = time.perf_counter()
    renderer.paint(genomes)
    return time.perf_counter() - started


class Killer:
    """A renderer whose hosts are killed when so many pictures are there."""

    def __init__(self, pool: Pool, at: Sequence[int]) -> None:
        """Kill a process of Ray at each of these."""
        self.pool, self._at = pool, list(at)
        self.waitables = ()
        self.finished = Counter[int]()
        self.restarts: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pool, name)

    def poll(self, timeout: float) -> list[Any]:
        """Pass on what has happened, and kill if it is time."""
        events = self.pool.poll(timeout)
        for event in events:
            if isinstance(event, Restarted):
                self.restarts.append(event.reason)
            if isinstance(event, Finished):
                self.finished[event.id] += 1
                if self._at and self.finished.total() >= self._at[0]:
                    self._at.pop(0)
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(event.record["host"], signal.SIGKILL)
        return events


def breed(home: Path, name: str, images: int, renderer: Any) -> dict[str, list[Any]]:
    """Breed a population, and return what came of it."""
    size = {"page": 16, "size": [8, 8], "latent": list(sleeper.SHAPE)}
    with Population.create(home, name, {**CONFIG, **size}) as population:
        search = Search(
            seed=5,
            prompt=Prompt.parse("a"),
            shape=sleeper.SHAPE,
            births=population.births(),
            genome_of=population.genome,
        )
        Run(population, search, renderer, RedScorer(), page=16).to(images)
    return contents(home / name, "red")


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--pictures", type=int, default=192)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--images", type=int, default=500)
    args = parser.parse_args()
    noise = np.random.default_rng(1).standard_normal((args.pictures, *sleeper.SHAPE))
    genomes = [Genome(noise=each.astype(np.float16), prompt=Prompt.parse("a")) for each in noise]

    with tempfile.TemporaryDirectory() as folder, cluster(2) as port:
        from evolve.rendering.remote.ray_cluster import connect

        times: dict[int, list[float]] = {1: [], 2: []}
        with sleeper.start(None) as one:
            here = seconds(one, genomes)
        with connect("127.0.0.1", port).pool(sleeper.start) as pool:
            second = ready(pool)._members[1]
            room = second.room
            for count in (1, 2) * args.rounds:
                second.room = room if count == 2 else 0
                times[count].append(seconds(pool, genomes))
        median = {count: statistics.median(each) for count, each in times.items()}
        ideal = args.pictures / sleeper.ROWS * sleeper.STEPS * sleeper.FORWARD_S
        print(f"{args.pictures} pictures, {args.rounds} rounds, median seconds")
        print(f"forwards alone    {ideal:8.2f}")
        print(f"one process here  {here:8.2f}")
        print(f"one Ray worker    {median[1]:8.2f}")
        print(f"two Ray workers   {median[2]:8.2f}")
        print(f"two over one      {median[1] / median[2]:8.2f} x", flush=True)

        home = Path(folder)
        with sleeper.start(None) as one:
            wanted = breed(home, "one", args.images, one)
        with connect("127.0.0.1", port).pool(sleeper.start) as pool:
            killer = Killer(ready(pool), [args.images // 4, args.images // 2])
            got = breed(home, "two", args.images, killer)
        print(f"\n{args.images} individuals, two workers, killed twice")
        for reason in killer.restarts:
            print(f"  {reason}")
        print(
            f"painted {len(killer.finished)}, twice {sum(n > 1 for n in killer.finished.values())}"
        )
        print(f"lost {args.images - len(got['genomes'])}")
        print(f"other than with one worker: {differing(wanted, got)}")


if __name__ == "__main__":
    main()
