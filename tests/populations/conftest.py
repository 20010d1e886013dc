import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_population import CONFIG, individual, mixed, render

from populations import Population
from populations.format import files


@pytest.fixture(autouse=True)
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Spare the disk the flushes, which only a power cut could tell from none; inodes flushed."""
    inodes: list[int] = []
    monkeypatch.setattr(files, "flush_file", lambda file: inodes.append(os.fstat(file).st_ino))
    return inodes


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home with the population `demo`: 6 founders, 4 painted, and a commit of every kind."""
    home = tmp_path_factory.mktemp("original")
    with Population.create(home, "demo", CONFIG, rows=[individual(i) for i in range(6)]) as p:
        p.append([render(i) for i in range(4)])
        p.append(mixed(6))
    return home


@pytest.fixture
def path(home: Path) -> Path:
    """The folder of a copy of that population."""
    return home / "demo"


@pytest.fixture
def population(path: Path) -> Iterator[Population]:
    """Its population, open for writing."""
    with Population.open(path) as opened:
        yield opened
