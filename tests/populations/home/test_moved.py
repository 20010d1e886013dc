"""A population that is moved while it is open is not called damaged, and nothing of it is lost."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_population import CONFIG, individual

from evolve.errors import ArchiveError
from evolve.session.archive import Judgement
from populations import Population, check_population
from populations.format.failures import DamagedError, MovedError
from populations.home.shelf import copy_population

GONE = "'faces' is no longer in .*: it was moved, renamed or removed while it was open"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("original")
    Population.create(home, "faces", CONFIG, rows=[*map(individual, range(3))]).close()
    return home


def away(home: Path) -> None:
    (home / "faces").rename(home / "elsewhere")


def removed(home: Path) -> None:
    shutil.rmtree(home / "faces")


def replaced(home: Path) -> None:
    away(home)
    Population.create(home, "faces", CONFIG, rows=[*map(individual, range(2))]).close()


def replaced_by_a_copy(home: Path) -> None:
    away(home)
    copy_population(home, "elsewhere", "faces")


HAPPENS = [away, removed, replaced, replaced_by_a_copy]


@pytest.mark.parametrize("happens", HAPPENS)
@pytest.mark.parametrize("write", [True, False])
def test_reading_says_that_it_was_moved(
    home: Path, write: bool, happens: Callable[[Path], None]
) -> None:
    with Population.open(home / "faces", write=write) as population:
        happens(home)
        with pytest.raises(MovedError, match=GONE):
            population.genome(1)
        if not write:
            with pytest.raises(MovedError, match=GONE):
                population.refresh()


@pytest.mark.parametrize("happens", HAPPENS)
def test_nothing_more_is_acknowledged(home: Path, happens: Callable[[Path], None]) -> None:
    with Population.open(home / "faces") as population:
        population.append([rated(5)])
        happens(home)
        overtaken = r"nothing more is saved .*\.lock was removed, moved or replaced"
        line = GONE if happens in (away, removed) else overtaken
        with pytest.raises(ArchiveError, match=line) as told:
            population.append([rated(1)])
        assert not isinstance(told.value, DamagedError)
    for place in home.iterdir():
        assert check_population(place).ok
    assert (home / "faces").exists() == (happens in (replaced, replaced_by_a_copy))
    if happens is not removed:
        with Population.open(home / "elsewhere") as moved:
            assert moved.verdicts()[0].rating == 5


def test_what_is_missing_in_its_place_is_damage_still(home: Path) -> None:
    with Population.open(home / "faces", write=False) as population:
        shutil.rmtree(home / "faces" / "population.zarr" / "individuals")
        with pytest.raises(DamagedError, match="is missing"):
            population.genome(1)


def rated(value: int) -> Judgement:
    return Judgement(individual=0, kind="rate", value=value, page=0, by="test")
