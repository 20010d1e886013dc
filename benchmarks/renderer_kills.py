"""Is a picture lost, painted twice or painted differently when the renderer process is killed?

Paints genomes of the embedded model once undisturbed. Then paints them under SIGKILLs, each at a
random moment: while the model loads, or so many sampler steps after the process began to paint. How
many follows from what is left to paint and to kill, so that the kills are spread over one job; if
it ends before, it is given again. Every picture is compared with its undisturbed twin, bit by bit.

The renderer lets other programs go first, so a busy machine takes longer.

    python -m benchmarks.renderer_kills [--kills 100] [--images 60]
"""

import contextlib
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.scripting.command_line import parser_of
from evolve import Prompt, Search, describe, load_renderer
from evolve.genome import Genome
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.process.worker import Assignment
from evolve.rendering.protocol import Broken, Failed, Finished, Job, Stepped

LOADING = 2.0
"""Longest time after its start at which a process that is killed while loading is, in seconds."""

LEAST, MOST = 4, 200
"""Bounds of the steps, of all pictures together, within which a process is killed."""


class Killer:
    """Kills each process of a renderer once, at a random moment."""

    def __init__(self, renderer: ProcessRenderer, kills: int, chance: random.Random):
        """Kill `kills` times, one in five while loading."""
        self.done = 0
        self._renderer, self._kills, self._chance = renderer, kills, chance
        self._victim: int | None = None

    def watch(self, steps: int, pictures_left: int) -> None:
        """Note that so many steps were taken, and kill if it is time."""
        now = time.monotonic()
        kills_left = max(1, self._kills - self.done)
        most = min(MOST, max(LEAST, 120 * pictures_left // kills_left))
        if self._renderer.pid != self._victim:
            self._victim, self._dead = self._renderer.pid, False
            loading = self._chance.random() < 0.2
            self._left = 0 if loading else self._chance.randint(1, most)
            # Between two events, not only just after one.
            self._moment = now + self._chance.uniform(0, LOADING) if loading else float("inf")
        elif 0 < self._left <= steps:
            self._moment = now + self._chance.uniform(0, 0.2)
        self._left -= min(steps, self._left)
        if now < self._moment or self._dead or self.done == self._kills or not self._victim:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._victim, signal.SIGKILL)
        self._dead, self.done = True, self.done + 1


def population(count: int) -> list[Genome]:
    """Return genomes of the embedded model."""
    card = describe("portraits")
    prompt = Prompt.parse("a face")
    search = Search(seed=0, prompt=prompt, shape=card.latent, settings=card.settings)
    return [individual.genome for individual in search.ask(count)]


def paint_under_kills(
    genomes: Sequence[Genome],
    wanted: Sequence[npt.NDArray[np.uint8]],
    kills: int,
    tell: Callable[[str], None],
) -> tuple[int, Counter[str], Counter[int]]:
    """Give the genomes as jobs until so many kills are done.

    Returns:
        The kills; how many jobs were given, pictures different from `wanted` or given up, and
        renderers broken; and how often each picture came.
    """
    count, ended = Counter[str](), Counter[int]()
    with ProcessRenderer(Assignment(model="portraits")) as renderer:
        killer = Killer(renderer, kills, random.Random(0))
        while killer.done < kills and not count["broken"]:
            first = count["jobs"] * len(genomes)
            renderer.submit([Job(first + i, genome) for i, genome in enumerate(genomes)])
            count["jobs"] += 1
            while len(ended) < first + len(genomes) and not count["broken"]:
                events, before = renderer.poll(0.02), killer.done
                steps = sum(isinstance(event, Stepped) for event in events)
                killer.watch(steps, first + len(genomes) - len(ended))
                if killer.done > before:
                    tell(f"kill {killer.done}; {len(ended)} pictures so far")
                for event in events:
                    if isinstance(event, Finished):
                        ended[event.id] += 1
                        right = np.array_equal(event.picture, wanted[event.id % len(genomes)])
                        count["different"] += not right
                    elif isinstance(event, Failed):
                        ended[event.id] += 1
                        count["given up"] += 1
                    elif isinstance(event, Broken):
                        count["broken"] += 1
        tell(f"{count['jobs']} jobs done; listen for what comes twice")
        late = [event for _ in range(100) for event in renderer.poll(0.02)]
        ended.update(event.id for event in late if isinstance(event, Finished))
    return killer.done, count, ended


def main() -> None:
    """Measure and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--images", type=int, default=60)
    args = parser.parse_args()

    started = time.monotonic()

    def tell(text: str) -> None:
        print(f"{time.monotonic() - started:7.1f} s  {text}", file=sys.stderr, flush=True)

    genomes = population(args.images)
    tell("paint undisturbed")
    with load_renderer("portraits") as renderer:
        wanted = renderer.paint(genomes)
    kills, count, ended = paint_under_kills(genomes, wanted, args.kills, tell)
    twice = sum(n > 1 for n in ended.values())
    print(f"portraits, jobs of {args.images} pictures, {time.monotonic() - started:.0f} s")
    columns = ("kills", "jobs", "pictures", "painted", "twice", "different", "given up", "broken")
    print("".join(f"{name:>11}" for name in columns))
    values = (
        kills,
        count["jobs"],
        count["jobs"] * args.images,
        len(ended) - count["given up"],
        twice,
        count["different"],
        count["given up"],
        count["broken"],
    )
    print("".join(f"{value:>11}" for value in values))


if __name__ == "__main__":
    main()
