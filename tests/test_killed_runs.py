"""A run that is killed again and again ends where one that was left alone ends."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from places import HELPERS, PYTHONPATH

from populations import Population, check_population, population_path

KILLS = 20
IMAGES = 60


class Breeder:
    """A program that breeds, and says what is saved as soon as it is."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HELPERS / "populations/breed_until_killed.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, "PYTHONPATH": PYTHONPATH},
        )

    def __enter__(self) -> Breeder:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def breed(self, home: Path, *, slow: bool = False, most: int | None = None) -> list[str]:
        """Return what is said to be saved; killed after `most` lines, it may say more."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps([str(home), IMAGES, slow]), file=self._process.stdin)
        process = int(self._process.stdout.readline().removeprefix("process "))
        said: list[str] = []
        for line in self._process.stdout:
            if line.startswith("ended "):
                assert line in ("ended 0\n", f"ended -{signal.SIGKILL}\n")
                break
            said.append(line.strip())
            if len(said) == most:
                os.kill(process, signal.SIGKILL)
        return said


def contents(home: Path, name: str = "demo") -> tuple[list[object], dict[int, float]]:
    with Population.open(population_path(home, name), write=False) as population:
        genomes = [population.genome(b.id).digest for b in population.births()]
        return list(genomes), dict(population.scores()["red"])


def test_twenty_kills_lose_nothing_acknowledged_and_change_nothing(tmp_path: Path) -> None:
    undisturbed, home, chance = tmp_path / "undisturbed", tmp_path / "killed", random.Random(1)
    acknowledged: set[str] = set()
    with Breeder() as breeder:
        breeder.breed(undisturbed)
        for _ in range(KILLS):
            acknowledged.update(breeder.breed(home, slow=True, most=chance.randint(1, 12)))
            with Population.open(population_path(home, "demo")) as population:
                saved = {f"born {b.id}" for b in population.births()}
                pictures = set(range(len(saved))) - set(population.unpainted())
                saved |= {f"painted {i}" for i in pictures}
            assert acknowledged <= saved
        breeder.breed(home)
    assert contents(home) == contents(undisturbed)
    assert check_population(population_path(home, "demo")).ok
