import json
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT
from small_population import individual, mixed, rating, state

from evolve.errors import ArchiveError, LockedError
from populations import Population, list_populations

HOLD = """
import sys, pathlib
from populations import Population
with Population.open(pathlib.Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_second_process_is_refused_and_told_who_writes(path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert holder.stdout
    assert holder.stdout.readline() == b"open\n"
    who = rf"'demo' is open in another process \(pid {holder.pid} on .+, since 20.+\): close it"
    with pytest.raises(LockedError, match=who):
        Population.open(path)
    with Population.open(path, write=False) as reader:
        assert len(reader) == 8
    assert list_populations(path.parent)[0]["individuals"] == 8
    holder.communicate()
    with Population.open(path) as population:
        population.append([rating(0)])


def test_second_handle_in_this_process_is_refused(path: Path, population: Population) -> None:
    with pytest.raises(LockedError, match="'demo' is open already in this process"):
        Population.open(path)
    population.append([rating(0)])


def test_lock_left_by_a_dead_process_does_not_matter(path: Path) -> None:
    dead = {"pid": 1, "host": "elsewhere", "since": "2001-01-01T00:00:00+00:00"}
    (path / ".writer").write_text(json.dumps(dead))
    with Population.open(path) as population:
        assert population.writable


def test_refused_opening_leaves_the_lock_free(path: Path) -> None:
    broken = path / "population.zarr" / "individuals" / "generation" / "c.0"
    kept = broken.read_bytes()
    broken.write_bytes(b"")
    with pytest.raises(ArchiveError, match="is damaged"):
        Population.open(path)
    broken.write_bytes(kept)
    Population.open(path).close()


def test_reader_sees_only_what_is_committed(path: Path, population: Population) -> None:
    with Population.open(path, write=False) as reader:
        told = state(reader)
        population.append(mixed(8))
        assert state(reader) == told
        assert reader.refresh()
        assert state(reader) == state(population)
        assert not reader.refresh()


def test_reader_does_not_see_rows_above_the_marker(path: Path, population: Population) -> None:
    with Population.open(path, write=False) as reader:
        told = state(reader)
    marker = path / "population.zarr" / "zarr.json"
    before = marker.read_bytes()
    population.append(mixed(8))
    population.close()
    marker.write_bytes(before)  # as if the writer had died just before the marker
    with Population.open(path, write=False) as reader:
        assert state(reader) == told
    with Population.open(path) as writer:
        assert state(writer) == told
        writer.append([individual(8)])
        assert writer.genome(8) == individual(8).genome


def test_reader_writes_nothing(path: Path) -> None:
    def files() -> dict[str, int]:
        return {str(f): f.stat().st_mtime_ns for f in path.rglob("*")}

    before = files()
    with Population.open(path, write=False) as reader:
        state(reader)
    assert files() == before


def test_folder_that_cannot_be_written_is_explained(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    # Permissions do not bind root, who may run the tests.
    monkeypatch.setattr("populations.format.lock.require_own", refuse)
    with pytest.raises(ArchiveError, match=r"cannot write to '.*demo' \(Permission denied\)"):
        Population.open(path)
