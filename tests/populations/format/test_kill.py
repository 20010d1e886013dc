from __future__ import annotations

import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from places import HELPERS, PYTHONPATH
from small_population import CONFIG, individual, picture

from populations import Population, check_population
from populations.exchange.parcel import pack
from populations.home.names import population_names

KILLS = 100 if os.environ.get("EVERY_FAULT") else 20

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill -9")


class Writer:
    """The program `writer.py`, read line by line with a deadline."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(HELPERS / "populations/writer.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": PYTHONPATH},
        )
        self._text = b""

    def begin(self, path: Path) -> int:
        """Start writing; return the id of the process that does."""
        assert self._process.stdin
        self._process.stdin.write(f"{path}\n".encode())
        self._process.stdin.flush()
        word, pid = self.line(60).split()
        assert word == "writer"
        return int(pid)

    def line(self, timeout_s: float) -> str:
        """Return the next line, empty if there is none in time."""
        assert self._process.stdout
        while b"\n" not in self._text:
            if not select.select([self._process.stdout], [], [], timeout_s)[0]:
                return ""
            more = os.read(self._process.stdout.fileno(), 4096)
            assert more, "the writer ended by itself"
            self._text += more
        line, _, self._text = self._text.partition(b"\n")
        return line.decode()

    def close(self) -> None:
        """End the program."""
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(60) == 0
        assert self._process.stdout
        self._process.stdout.close()


def test_nothing_acknowledged_is_lost_to_kill_9(tmp_path: Path) -> None:
    rng = random.Random(2)
    rows = [individual(i) for i in range(6)]
    Population.create(tmp_path, "demo", CONFIG, rows=rows).close()
    path, writer = tmp_path / "demo", Writer()
    acknowledged = [6, 0, 0]
    for _ in range(KILLS):
        pid = writer.begin(path)
        line = writer.line(60)  # it has opened the population, and so repaired it
        for _ in range(rng.randrange(3)):
            acknowledged = [int(n) for n in line.split()]
            line = writer.line(60)
        acknowledged = [int(n) for n in line.split()]
        line = writer.line(rng.uniform(0, 0.06))
        os.kill(pid, signal.SIGKILL)
        while line != "dead":
            acknowledged = [int(n) for n in line.split()] or acknowledged
            line = writer.line(60)
        with Population.open(path, write=False) as population:
            saved = found(population)
        assert all(a <= s <= a + 2 for a, s in zip(acknowledged, saved, strict=True))
        acknowledged = saved
    writer.close()
    assert check_population(path).problems == []
    with Population.open(path) as population:
        everything_is_right(population)
        names = [f"b{n}" for n in range(len(population.judgements())) if n % 5 == 2]
        assert [b.name for b in population.branches()] == ["main", *names]


def test_an_imported_population_is_there_whole_or_not_at_all(path: Path, tmp_path: Path) -> None:
    rng, writer, new = random.Random(3), Writer(), tmp_path / "new"
    new.mkdir()
    pack(path, new / "demo.zip")
    acknowledged = 0
    for _ in range(10):
        pid = writer.begin(new / "demo.zip")
        line = writer.line(rng.uniform(0, 0.3))
        os.kill(pid, signal.SIGKILL)
        while line != "dead":
            acknowledged = int(line or acknowledged)
            line = writer.line(60)
        names = population_names(new)
        assert acknowledged <= len(names) <= acknowledged + 1
        for name in names[-2:]:
            with Population.open(new / name, write=False) as population:
                assert len(population) == 8
            assert check_population(new / name).ok
    writer.close()


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
