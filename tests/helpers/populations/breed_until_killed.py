"""Breeds populations with a fake painter, and says what is saved; see test_killed_runs.py.

A task is a list `[home, images, slow]` of JSON.
"""

import json
import time
from importlib import import_module
from pathlib import Path

from fakes import SHAPE, FakeRenderer, RedScorer
from forking import say, work_in_forks
from sittings import search_on
from small_population import CONFIG

from evolve.search import Policy
from evolve.search.individual import Individual
from evolve.session.archive import Render, Row
from evolve.session.headless.run import Run
from populations import Population, population_path


class Acknowledging:
    """A population that tells what was saved when `append` has returned."""

    def __init__(self, population: Population) -> None:
        self._population = population

    def __getattr__(self, name: str) -> object:
        return getattr(self._population, name)

    def append(self, rows: list[Row]) -> None:
        self._population.append(rows)
        for row in rows:
            if isinstance(row, Individual):
                say("born", row.id)
            elif isinstance(row, Render):
                say("painted", row.individual)


class Slow(FakeRenderer):
    """Takes its time, so that there is one to be killed in."""

    def poll(self, timeout: float) -> list:
        time.sleep(0.005)
        return super().poll(timeout)


def breed(task: str) -> None:
    folder, images, slow = json.loads(task)
    home = Path(folder)
    if not population_path(home, "demo").exists():
        config = {**CONFIG, "seed": 5, "page": 8, "size": [8, 8], "latent": list(SHAPE)}
        Population.create(home, "demo", config).close()
    with Population.open(population_path(home, "demo")) as population:
        search = search_on(population, seed=5, policy=Policy(founders=16))
        archive = Acknowledging(population)
        Run(archive, search, Slow() if slow else FakeRenderer(), RedScorer(), page=8).to(images)  # type: ignore[arg-type]


if __name__ == "__main__":
    import_module("zarr")  # only imported: what has threads cannot be forked
    work_in_forks(breed)
