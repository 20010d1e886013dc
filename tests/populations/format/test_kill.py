import os
import random
import signal
from pathlib import Path

import numpy as np
import pytest
from forking import Forking
from small_population import CONFIG, individual, picture

from populations import Population, check_population
from populations.exchange.parcel import pack
from populations.home.names import population_names

KILLS = 100 if os.environ.get("EVERY_FAULT") else 8

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")


def test_nothing_acknowledged_is_lost_to_kill_9(tmp_path: Path) -> None:
    rng = random.Random(2)
    rows = [individual(i) for i in range(6)]
    Population.create(tmp_path, "demo", CONFIG, rows=rows).close()
    path, acknowledged = tmp_path / "demo", [6, 0, 0]
    with Forking("writer.py") as writer:
        for _ in range(KILLS):
            process = writer.begin(str(path))
            line = writer.line()  # it has opened the population, and so repaired it
            for _ in range(rng.randrange(3)):
                acknowledged = [int(n) for n in line.split()]
                line = writer.line()
            acknowledged = [int(n) for n in line.split()]
            line = writer.line(rng.uniform(0, 0.06))
            os.kill(process, signal.SIGKILL)
            while line != "dead":
                acknowledged = [int(n) for n in line.split()] or acknowledged
                line = writer.line()
            with Population.open(path, write=False) as population:
                saved = found(population)
            assert all(a <= s <= a + 2 for a, s in zip(acknowledged, saved, strict=True))
            acknowledged = saved
    assert check_population(path).problems == []
    with Population.open(path) as population:
        everything_is_right(population)
        names = [f"b{n}" for n in range(len(population.judgements())) if n % 5 == 2]
        assert [b.name for b in population.branches()] == ["main", *names]


def test_an_imported_population_is_there_whole_or_not_at_all(path: Path, tmp_path: Path) -> None:
    rng, new, acknowledged = random.Random(3), tmp_path / "new", 0
    new.mkdir()
    pack(path, new / "demo.zip")
    with Forking("writer.py") as writer:
        for _ in range(6):
            process = writer.begin(str(new / "demo.zip"))
            line = writer.line(rng.uniform(0, 0.3))
            os.kill(process, signal.SIGKILL)
            while line != "dead":
                acknowledged = int(line or acknowledged)
                line = writer.line()
            names = population_names(new)
            assert acknowledged <= len(names) <= acknowledged + 1
            for name in names[-2:]:
                with Population.open(new / name, write=False) as population:
                    assert len(population) == 8
                assert check_population(new / name).ok


def found(population: Population) -> list[int]:
    born = len(population)
    return [born, born - len(population.unpainted()), len(population.judgements())]


def everything_is_right(population: Population) -> None:
    assert [j.page for j in population.judgements()] == list(range(len(population.judgements())))
    for birth in population.births():
        assert population.genome(birth.id) == individual(birth.id).genome
        assert birth.parents == individual(birth.id).parents
        if birth.id not in population.unpainted():
            assert np.array_equal(np.asarray(population.picture(birth.id)), picture(birth.id))
