"""A disk that is really full, where mounting a small one is allowed."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_population import CONFIG, individual, render, state

from evolve.errors import ArchiveError
from populations import Population, check_population
from populations.home import shelf
from populations.home.names import population_names

PAGE = 24


def mount(folder: Path, *options: str) -> bool:
    line = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(folder)]
    return bool(shutil.which("mount")) and not subprocess.run(line, capture_output=True).returncode


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount(folder, "size=2m"):
        pytest.skip("mounting is not allowed here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def page(first: int) -> list[object]:
    ids = range(first, first + PAGE)
    return [*map(individual, ids), *map(render, ids)]


def test_a_full_disk_loses_nothing_and_with_more_space_it_goes_on(disk: Path) -> None:
    with Population.create(disk, "demo", CONFIG, rows=page(0)) as population:
        saved = 0
        full = r"population 'demo': free some .*; all that was saved before is safe"
        with pytest.raises(ArchiveError, match=full):  # noqa: PT012
            for _ in range(20):
                saved = len(population)
                population.append(page(saved))
        told = state(population)
        assert len(population) == saved
        with pytest.raises(ArchiveError, match=r"no space left on the disk of .*: free some"):
            shelf.copy_population(disk, "demo", "copy")
        assert population_names(disk) == ["demo"]
        with Population.open(population.path, write=False) as reader:
            assert state(reader) == told
        assert mount(disk, "remount", "size=8m")
        population.append(page(saved))
    assert check_population(disk / "demo").ok
    with Population.open(disk / "demo") as again:
        assert len(again) == saved + PAGE
        assert again.genome(saved).digest == individual(saved).genome.digest
