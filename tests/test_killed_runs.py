"""A run that is killed again and again ends where one that was left alone ends."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from places import HELPERS, PYTHONPATH

from populations import Population, check_population, population_path

KILLS = 20
IMAGES = 60


def start(home: Path, *, slow: bool) -> subprocess.Popen[str]:
    """Breed in a process that says on stdout what is saved, as soon as it is."""
    return subprocess.Popen(
        [
            sys.executable,
            str(HELPERS / "populations/breed_until_killed.py"),
            str(home),
            str(IMAGES),
            str(slow),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
    )


def finish(home: Path) -> None:
    process = start(home, slow=False)
    process.communicate(timeout=120)
    assert process.returncode == 0


def contents(home: Path, name: str = "demo") -> tuple[list[object], dict[int, float]]:
    with Population.open(population_path(home, name), write=False) as population:
        genomes = [population.genome(b.id).digest for b in population.births()]
        return list(genomes), dict(population.scores()["red"])


def test_twenty_kills_lose_nothing_acknowledged_and_change_nothing(tmp_path: Path) -> None:
    undisturbed = tmp_path / "undisturbed"
    finish(undisturbed)

    home, chance = tmp_path / "killed", random.Random(1)
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        process = start(home, slow=True)
        assert process.stdout is not None
        lines = chance.randint(1, 12)
        for line in process.stdout:
            acknowledged.add(line.strip())
            lines -= 1
            if lines <= 0:
                break
        process.kill()
        acknowledged.update(line.strip() for line in process.stdout if line.endswith("\n"))
        process.stdout.close()
        process.wait(60)
        with Population.open(population_path(home, "demo")) as population:
            saved = {f"born {b.id}" for b in population.births()}
            pictures = set(range(len(saved))) - set(population.unpainted())
            saved |= {f"painted {i}" for i in pictures}
        assert acknowledged <= saved

    finish(home)
    assert contents(home) == contents(undisturbed)
    assert check_population(population_path(home, "demo")).ok
