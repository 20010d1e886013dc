"""Two writers past a removed lock lose nothing."""

import json
import os
from pathlib import Path

import pytest
from small_population import rating

from evolve.errors import ArchiveError
from populations import Population, check_population
from populations.format import lock
from populations.format.files import WRITER
from populations.format.lock import last_writer, who_writes

ROOT = "population.zarr"


class TestOneWriter:
    """Rule: a commit compares the marker on the disk with its own last one."""

    def test_a_second_writer_past_a_removed_lock_loses_nothing(self, path: Path) -> None:
        first = Population.open(path)
        (path / ".lock").unlink()
        with Population.open(path) as second:
            second.append([rating(2, 5)])
            with pytest.raises(
                ArchiveError, match=r"nothing more is saved to population 'demo'.*\.lock was"
            ):
                first.append([rating(3, 4)])
            second.append([rating(4, 3)])
            first.close()
            assert last_writer(path)["pid"] == os.getpid()
            second.append([rating(5, 2)])
        with Population.open(path, write=False) as population:
            ratings = {i: v.rating for i, v in population.verdicts().items() if v.rating}
        assert ratings == {0: 5, 2: 5, 4: 3, 5: 2}
        assert check_population(path).ok

    def test_one_that_has_ended_has_ended_though_its_file_is_read_but_once(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ended = json.loads((path / WRITER).read_text())
        read = iter([ended, {}])
        monkeypatch.setattr(lock, "small_object", lambda *_: next(read, {}))
        assert "until" in ended
        assert who_writes(path) is None

    def test_a_marker_that_something_else_wrote_stops_the_writer(self, path: Path) -> None:
        old = (path / ROOT / "zarr.json").read_bytes()
        with Population.open(path) as population:
            population.append([rating(2, 5)])
            now = (path / ROOT / "zarr.json").read_bytes()
            (path / ROOT / "zarr.json").write_bytes(old)  # a sync program, say
            before = {f: f.read_bytes() for f in (path / ROOT).rglob("*") if f.is_file()}
            for _ in range(2):
                with pytest.raises(ArchiveError, match="because something else wrote to it"):
                    population.append([rating(3, 4)])
            assert {f: f.read_bytes() for f in (path / ROOT).rglob("*") if f.is_file()} == before
            (path / ROOT / "zarr.json").write_bytes(now)
            population.append([rating(3, 4)])
