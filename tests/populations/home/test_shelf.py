import errno
import os
from itertools import pairwise
from pathlib import Path

import pytest
from faults import FOR_EVER, failing
from small_population import CONFIG, mixed, rating, state

from evolve.errors import ArchiveError, LockedError
from populations import Population, check_population, list_populations
from populations.format import files, snapshot
from populations.home import shelf
from populations.home.summary import last_changes


def names(home: Path) -> list[str]:
    return [p["name"] for p in list_populations(home)]


def told(home: Path, name: str) -> dict[str, object]:
    with Population.open(home / name) as population:
        return state(population)


def test_renamed_population_is_the_same(home: Path) -> None:
    before = told(home, "demo")
    shelf.rename_population(home, "demo", "new name")
    assert names(home) == ["new name"]
    assert told(home, "new name") == before


def test_copy_is_the_same_and_goes_its_own_way(home: Path) -> None:
    shelf.copy_population(home, "demo", "twin")
    assert told(home, "twin") == told(home, "demo")
    with Population.open(home / "twin") as twin:
        twin.append([rating(2, 5)])
    with Population.open(home / "demo") as population:
        assert 2 not in population.verdicts()
    assert check_population(home / "twin").problems == []


def test_copy_of_a_population_that_is_written_to_holds_what_is_committed(
    home: Path, population: Population
) -> None:
    population.append(mixed(8))
    shelf.copy_population(home, "demo", "twin")
    population.append([rating(0, 1)])
    with Population.open(home / "twin") as twin:
        assert len(twin) == 10
        assert twin.verdicts()[0].rating == 5


def test_a_copy_that_is_made_while_pictures_are_dropped_does_not_miss_them(
    home: Path, population: Population, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, kept = snapshot.content, [1, 2, 3]

    def meanwhile(path: Path, key: str) -> bytes:
        if "renders/data" in key and kept:
            population.drop([kept.pop()])
        return read(path, key)

    monkeypatch.setattr(snapshot, "content", meanwhile)
    shelf.copy_population(home, "demo", "twin")
    assert kept == []
    assert check_population(home / "twin").problems == []
    assert set(files.keys(home / "twin")) == set(files.keys(home / "demo"))
    with Population.open(home / "twin", write=False) as twin:
        assert (twin.picture(0) is None, twin.picture(3)) == (False, None)
    monkeypatch.setattr(snapshot, "_TRIES", 1)
    kept.append(0)
    with pytest.raises(ArchiveError, match="are being dropped all the time: try again after"):
        shelf.copy_population(home, "demo", "other")
    assert names(home) == ["demo", "twin"]


def test_a_folder_that_cannot_be_listed_is_no_copy(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def broken(path: object) -> object:
        if str(path).endswith("renders"):
            raise OSError(errno.EIO, "Input/output error", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", broken)
    with pytest.raises(ArchiveError, match=r"cannot read .*renders \(Input/output error\)"):
        shelf.copy_population(home, "demo", "twin")
    monkeypatch.undo()
    assert names(home) == ["demo"]


def test_deleted_population_can_be_taken_back(
    home: Path, flushed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(home, "demo")
    shelf.delete_population(home, "demo")
    assert {(home / ".trash").stat().st_ino, home.stat().st_ino} <= set(flushed)
    assert names(home) == []
    monkeypatch.setattr(shelf, "size", None)  # of large populations that takes long
    (found,) = shelf.trashed(home)
    assert found.name == "demo"
    shelf.restore_population(home, "demo")
    assert told(home, "demo") == before
    assert shelf.trashed(home) == []


def test_of_two_with_one_name_the_last_one_comes_back_first(home: Path) -> None:
    shelf.delete_population(home, "demo")
    Population.create(home, "demo", CONFIG).close()
    shelf.delete_population(home, "demo")
    shelf.restore_population(home, "demo")
    assert told(home, "demo")["births"] == []
    with pytest.raises(ArchiveError, match="'demo' exists already: give that another name first"):
        shelf.restore_population(home, "demo")
    assert len(shelf.trashed(home)) == 1


def test_emptied_trash_is_gone(home: Path) -> None:
    shelf.delete_population(home, "demo")
    (size,) = (found.bytes for found in shelf.trashed(home))
    assert size > 0
    assert shelf.empty_trash(home) == (["demo"], size)
    assert shelf.trashed(home) == []
    with pytest.raises(ArchiveError, match="no population named 'demo' in the trash"):
        shelf.restore_population(home, "demo")


def test_population_in_use_is_neither_renamed_nor_deleted(
    home: Path, population: Population
) -> None:
    with pytest.raises(LockedError, match="is open already in this process"):
        shelf.rename_population(home, "demo", "other")
    with pytest.raises(LockedError, match="is open already in this process"):
        shelf.delete_population(home, "demo")
    assert names(home) == ["demo"]
    assert shelf.trashed(home) == []


def test_a_copy_that_does_not_fit_on_the_disk_leaves_nothing(home: Path) -> None:
    with (
        failing(20, FOR_EVER),
        pytest.raises(ArchiveError, match="no space left on the disk of"),
    ):
        shelf.copy_population(home, "demo", "other")
    assert names(home) == ["demo"]
    assert not list(home.glob(".new-*"))


def test_a_trash_that_cannot_be_made_is_one_line(home: Path) -> None:
    (home / ".trash").write_text("no folder")
    with pytest.raises(ArchiveError, match=r"'demo' could not be moved \(Not a directory\)"):
        shelf.delete_population(home, "demo")


def test_damaged_population_can_be_deleted(home: Path) -> None:
    (home / "demo" / "population.zarr" / "zarr.json").write_bytes(b"")
    shelf.delete_population(home, "demo")
    assert names(home) == []


@pytest.mark.parametrize("do", [shelf.rename_population, shelf.copy_population])
def test_names_are_refused_as_when_making_one(home: Path, do: object) -> None:
    assert callable(do)
    with pytest.raises(ArchiveError, match="is a path, not the name"):
        do(home, "demo", "../up")
    with pytest.raises(ArchiveError, match="'demo' exists already"):
        do(home, "demo", "demo")
    with pytest.raises(ArchiveError, match="did you mean 'demo'"):
        do(home, "dmo", "other")


def test_list_says_who_has_a_population_open(home: Path, population: Population) -> None:
    assert list_populations(home)[0]["open"]["pid"] > 0
    population.close()
    assert list_populations(home)[0]["open"] is None


def test_nobody_has_a_population_open_that_was_moved(home: Path) -> None:
    shelf.rename_population(home, "demo", "twin")
    assert [each["open"] for each in list_populations(home)] == [None]
    shelf.delete_population(home, "twin")
    shelf.restore_population(home, "twin")
    assert [each["open"] for each in list_populations(home)] == [None]


def test_what_changed_last_is_seen_without_reading_populations(home: Path) -> None:
    seen = [last_changes(home)]
    with Population.open(home / "demo") as population:
        seen.append(last_changes(home))
        population.append([rating(2, 5)])
        seen.append(last_changes(home))
    seen.append(last_changes(home))
    shelf.copy_population(home, "demo", "twin")
    seen.append(last_changes(home))
    shelf.rename_population(home, "twin", "other")
    seen.append(last_changes(home))
    shelf.delete_population(home, "other")
    assert last_changes(home) == seen[3]
    assert all(before != after for before, after in pairwise(seen))
    (home / "demo").rename(home / "demo (copy)")  # by another program: no name for `shelf`
    assert list(last_changes(home)) == [each["name"] for each in list_populations(home)]
    (home / "demo (copy)").rename(home / "demo")
    (home / "demo" / "population.zarr" / "zarr.json").unlink()
    assert last_changes(home) == {"demo": None}
