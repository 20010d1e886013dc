"""Whatever is done to a population, a disk that fails at any moment of it loses nothing."""

import errno
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faults import every_fault
from PIL import Image
from places import FIXTURES
from small_population import CONFIG, edited, individual, mixed, rating, render, state

from evolve.errors import ArchiveError
from populations import Population, check_population
from populations.exchange.own_file import marked_png
from populations.exchange.parcel import pack, unpack
from populations.format import files
from populations.format.lock import LOCK, WRITER
from populations.home import shelf
from populations.home.names import population_names
from tui.cli import main


def told(path: Path) -> dict[str, Any]:
    with Population.open(path, write=False) as population:
        return state(population)


def content(folder: Path) -> dict[str, bytes]:
    found = (f for f in sorted(folder.rglob("*")) if f.is_file() and f.name not in (LOCK, WRITER))
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


def require_one_line(error: Exception | None) -> None:
    if error is not None:
        assert isinstance(error, ArchiveError), repr(error)
        assert "\n" not in str(error)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Home with a population of two, one of them painted."""
    rows = [individual(0), individual(1), render(0), rating(0, 4)]
    Population.create(tmp_path / "home", "demo", CONFIG, rows=rows).close()
    return tmp_path / "home"


@pytest.fixture
def parcel(small: Path) -> Path:
    pack(small / "demo", small.parent / "demo.zip")
    return small.parent / "demo.zip"


def test_a_new_population_is_whole_or_not_there(small: Path, parcel: Path) -> None:
    def create() -> None:
        rows = [individual(0), individual(1), render(0), rating(0, 4)]
        Population.create(small, "twin", CONFIG, rows=rows).close()

    before, same = content(small / "demo"), told(small / "demo")
    ways: tuple[tuple[Callable[[], object], int], ...] = (
        (create, 397),
        (lambda: shelf.copy_population(small, "demo", "twin"), 107),
        (lambda: unpack(parcel, small, "twin"), 107),
    )
    for make, step in ways:
        for raised in every_fault(make, step):
            require_one_line(raised)
            assert content(small / "demo") == before
            there = sorted(path.name for path in small.iterdir())
            assert there in (["demo"], ["demo", "twin"])
            assert raised or "twin" in there
            if "twin" in there:
                assert told(small / "twin") == same
                shutil.rmtree(small / "twin")


def test_a_moved_population_is_here_or_there(small: Path) -> None:
    def rename() -> None:
        shelf.rename_population(small, "demo", "other")

    def throw_away() -> None:
        shelf.delete_population(small, "demo")

    before = told(small / "demo")
    for raised in every_fault(rename):
        require_one_line(raised)
        assert population_names(small) == ["demo" if raised else "other"]
        if not raised:
            shelf.rename_population(small, "other", "demo")
    for raised in every_fault(throw_away):
        require_one_line(raised)
        assert population_names(small) == (["demo"] if raised else [])
        assert [t.name for t in shelf.trashed(small)] == ([] if raised else ["demo"])
        if not raised:
            shelf.restore_population(small, "demo")
    shelf.delete_population(small, "demo")
    for raised in every_fault(lambda: shelf.restore_population(small, "demo")):
        require_one_line(raised)
        assert population_names(small) == ([] if raised else ["demo"])
        if not raised:
            shelf.delete_population(small, "demo")
    shelf.restore_population(small, "demo")
    assert told(small / "demo") == before


def test_what_is_half_removed_from_the_trash_is_never_taken_back(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(folder: Path) -> None:
        next(file for file in folder.rglob("c.0")).unlink()
        raise OSError(5, "Input/output error", str(folder))

    shelf.delete_population(small, "demo")
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", break_off)
        with pytest.raises(ArchiveError, match=r"cannot remove .*\(Input/output error\): .* again"):
            shelf.empty_trash(small)
    assert shelf.trashed(small) == []
    with pytest.raises(ArchiveError, match="no population named 'demo' in the trash"):
        shelf.restore_population(small, "demo")
    shelf.empty_trash(small)
    assert list((small / shelf.TRASH).iterdir()) == []


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_first_commit_to_an_older_format_is_whole_or_not_there(
    tmp_path: Path, version: str
) -> None:
    with zipfile.ZipFile(FIXTURES / f"format-{version}.zip") as archive:
        archive.extractall(tmp_path / "original")
    original, path = tmp_path / "original" / f"format-{version}", tmp_path / "demo"

    def bring() -> None:
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(original, path)

    def append() -> None:
        with Population.open(path) as population:
            population.append([edited(len(population)), *mixed(len(population) + 1)])

    bring()
    before = told(path)
    for raised in every_fault(append, 397):
        require_one_line(raised)
        assert told(path)["commits"] - before["commits"] in ((0, 1) if raised else (1,))
        bring()
    append()
    assert check_population(path).ok


def test_a_repair_is_done_or_can_be_done_again(path: Path, tmp_path: Path) -> None:
    root, damaged = path / "population.zarr", tmp_path / "damaged"
    for one, two in (
        ("individuals/origin", "individuals/genome"),
        ("renders/width", "events/kind"),
    ):
        swapped = [root / column / "c.0" for column in (one, two)]
        data = [file.read_bytes() for file in swapped]
        swapped[0].write_bytes(data[1])
        swapped[1].write_bytes(data[0])
    (root / "scores" / "value" / "c.0").unlink()
    (root / "renders" / "data" / "c.2.0").write_bytes(b"no picture")
    path.rename(damaged)

    def bring() -> None:
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(damaged, path)

    bring()
    assert check_population(path, repair=True).ok
    mended = told(path)
    bring()
    for raised in every_fault(lambda: check_population(path, repair=True), 199):
        require_one_line(raised)
        assert check_population(path, repair=True).ok
        assert told(path) == mended
        bring()


def test_a_repair_that_cannot_be_saved_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    root = path / "population.zarr"
    (root / "scores" / "value" / "c.0").write_bytes(b"cut off")
    before = content(root)
    monkeypatch.setattr(files, "write_file", full)
    with pytest.raises(ArchiveError, match="no space left on the disk"):
        check_population(path, repair=True)
    assert content(root) == before


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("export demo 2 --to", "a.png"),
        ("export demo --sheet --to", "a.png"),
        ("export demo 6 --line --to", "a.png"),
        ("tree demo --png", "a.png"),
        ("tree demo --svg", "a.svg"),
        ("export demo --all --to", "a.zip"),
    ],
)
def test_an_exported_file_is_whole_or_the_one_before(
    home: Path, tmp_path: Path, words: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = content(home / "demo")
    to = tmp_path / "out" / name
    to.parent.mkdir()
    if name == "a.zip":
        with zipfile.ZipFile(to, "w") as packed:
            packed.writestr("population.zarr/zarr.json", "{}")
    else:
        Image.new("RGB", (1, 1)).save(to, "PNG", pnginfo=marked_png())
    exported_before = to.read_bytes()

    def work() -> None:
        if main(["--home", str(home), *words.split(), str(to)]):
            raise ArchiveError(capsys.readouterr().err.strip())

    for raised in every_fault(work, 29 if name == "a.zip" else 1):
        require_one_line(raised)
        assert (to.read_bytes() == exported_before) == (raised is not None)
        assert list(to.parent.iterdir()) == [to]
        to.write_bytes(exported_before)
    assert content(home / "demo") == before
