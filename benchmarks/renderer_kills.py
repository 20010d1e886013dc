"""Is a picture lost, painted twice or painted differently when the renderer process is killed?

Paints genomes of the embedded model once undisturbed and once under SIGKILLs, each a random moment
after the process has begun to paint, and compares every picture with its undisturbed twin.

    python benchmarks/renderer_kills.py [--kills 100] [--images 60]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import time
from collections import Counter

import numpy as np

from evolve import Prompt, Search, describe, load_renderer
from evolve.archive import Picture
from evolve.rendering.protocol import Broken, Failed, Finished, Job, Stepped


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--images", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()

    card = describe("portraits")
    search = Search(
        seed=args.seed, prompt=Prompt.parse("a face"), shape=card.latent, settings=card.settings
    )
    genomes = [individual.genome for individual in search.ask(args.images)]
    with load_renderer("portraits") as renderer:
        wanted = renderer.paint(genomes)

    chance = random.Random(args.seed)
    pictures: dict[int, Picture] = {}
    events: Counter[str] = Counter()
    kills, doomed, moment = 0, None, 0.0
    with load_renderer("portraits") as renderer:
        renderer.submit([Job(i, genome) for i, genome in enumerate(genomes)])
        while len(pictures) + events["failed"] < len(genomes) and not events["broken"]:
            for event in renderer.poll(0.02):
                if isinstance(event, Finished):
                    events["twice"] += event.id in pictures
                    pictures[event.id] = event.picture
                elif isinstance(event, Failed):
                    events["failed"] += 1
                elif isinstance(event, Broken):
                    events["broken"] += 1
                elif isinstance(event, Stepped) and kills < args.kills and doomed != renderer.pid:
                    # One kill for each process, when it paints: a killed one is replaced.
                    doomed = renderer.pid
                    moment = time.monotonic() + chance.uniform(0.0, 2.0)
            if doomed is not None and doomed == renderer.pid and 0 < moment <= time.monotonic():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(doomed, signal.SIGKILL)
                kills, moment = kills + 1, 0.0

    different = sum(not np.array_equal(p, wanted[i]) for i, p in pictures.items())
    print(f"portraits, {args.images} pictures of {card.settings.steps} steps")
    print(f"{'kills':>8}{'painted':>10}{'twice':>8}{'different':>12}{'given up':>10}{'broken':>8}")
    print(
        f"{kills:>8}{len(pictures):>10}{events['twice']:>8}{different:>12}"
        f"{events['failed']:>10}{events['broken']:>8}"
    )


if __name__ == "__main__":
    main()
