"""Breed as `fancier run` does, with flat colours; to be killed (see `kills`)."""

import os
import sys
import time
from pathlib import Path

from benchmarks.running.flat import Flat, Redness, found
from evolve.models.catalog import describe
from evolve.rendering.protocol import RenderEvent
from evolve.scoring.fitness import Fitness
from populations import Population, population_path
from populations.studio.running.run import run
from populations.studio.running.run_request import RunRequest


class Slow(Flat):
    """Takes its time, so that there is one to be killed in."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Wait a little, then paint."""
        time.sleep(0.05)
        return super().poll(timeout)


def main() -> None:
    """Breed NAME by STRATEGY up to IMAGES."""
    name, strategy, images = sys.argv[1:]
    home = Path(os.environ["FANCIER_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    if not population_path(home, name).exists():
        found(home, name)
    with Population.open(population_path(home, name)) as population:
        run(
            population.branch("main"),
            RunRequest(images=int(images), strategy=strategy, reserve=0),
            card=describe("portraits"),
            start=Slow,
            fitness=Fitness((Redness(),)),
        )


if __name__ == "__main__":
    main()
