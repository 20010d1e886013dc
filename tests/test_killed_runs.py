"""A run that is killed again and again ends where one that was left alone ends."""

import json
import os
import random
import signal
from pathlib import Path

import pytest
from forking import Forking

from populations import Population, check_population, population_path

KILLS = 20
IMAGES = 60

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")


def breed(program: Forking, home: Path, *, slow: bool = False, most: int = -1) -> list[str]:
    """Return what is said to be saved; killed after `most` lines, it may say more."""
    process = program.begin(json.dumps([str(home), IMAGES, slow]))
    said: list[str] = []
    while (line := program.line()) != "dead":
        assert line
        said.append(line)
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
    with Forking("breed_until_killed.py") as program:
        breed(program, undisturbed)
        for _ in range(KILLS):
            said = breed(program, home, slow=True, most=chance.randint(1, 12))
            acknowledged.update(said)
            with Population.open(population_path(home, "demo")) as population:
                saved = {f"born {b.id}" for b in population.births()}
                pictures = set(range(len(saved))) - set(population.unpainted())
                saved |= {f"painted {i}" for i in pictures}
            assert acknowledged <= saved
        breed(program, home)
    assert contents(home) == contents(undisturbed)
    assert check_population(population_path(home, "demo")).ok
