import errno
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from faults import FOR_EVER, every_fault, failing
from small_population import edited, individual, mixed, rating, state

from evolve.errors import ArchiveError, SavingError
from populations import Population, check_population
from populations.format import files, ledger
from populations.format.header import read_header


def counted(monkeypatch: pytest.MonkeyPatch, before: Callable[[int, bytes], None]) -> None:
    """Call `before` with the number of each write, from 0, and its data."""
    write, count = files.write_file, iter(range(10**6))

    def counting(path: Path, key: str, data: bytes, **how: bool) -> None:
        before(next(count), data)
        write(path, key, data, **how)

    monkeypatch.setattr(files, "write_file", counting)


def test_whatever_fails_in_a_commit_leaves_the_one_before(
    path: Path, population: Population
) -> None:
    def append() -> None:
        born = len(population)
        population.append([*mixed(born), edited(born + 2)])

    told = state(population)
    for raised in every_fault(append, 97):
        now = state(population)
        assert now == told or now["commits"] == told["commits"] + 1
        if raised:
            assert re.match(r"saving to population 'demo' failed|no space left", str(raised))
        with Population.open(path, write=False) as reader:
            assert state(reader) == now
        told = now
    population.close()
    with Population.open(path) as again:
        assert state(again) == told
    assert check_population(path).problems == []


def test_a_disk_that_fails_for_ever_after_the_marker_shows_the_writer_what_readers_see(
    path: Path, population: Population
) -> None:
    """Opening again for writing fails, too."""

    def append() -> None:
        born = len(population)
        population.append([*mixed(born), edited(born + 2)])

    append()
    with failing() as disk:
        append()
    for last in range(1, 60):  # until the marker is in place before everything fails
        commits, raised = population.commits, False
        try:
            with failing(disk.done - last, FOR_EVER):
                append()
        except ArchiveError:
            raised = True
        with Population.open(path, write=False) as reader:
            assert state(reader) == state(population)
        if saved_and_reported_as_not := raised and population.commits > commits:
            break
    assert saved_and_reported_as_not
    commits = population.commits
    population.append([rating(0, 3)])
    assert population.commits == commits + 1


@pytest.mark.parametrize("left", [0, 2_000, 20_000])
def test_full_disk_is_explained_and_survived(
    path: Path, population: Population, monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    told = state(population)
    with monkeypatch.context() as patch:
        free = left

        def use(_: int, data: Any) -> None:
            nonlocal free
            free -= len(bytes(data))
            if free < 0:
                raise OSError(errno.ENOSPC, "No space left on device")

        counted(patch, use)
        for _ in range(2):  # the second time nothing at all can be written, not even the repair
            with pytest.raises(ArchiveError, match=r"no space left on the disk.*free some"):
                population.append(mixed(8))
            assert state(population) == told
    population.append(mixed(8))  # somebody made space
    assert len(population) == 10
    with Population.open(path, write=False) as reader:
        assert state(reader) == state(population)


def test_interrupt_waits_until_the_commit_is_done(
    population: Population, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(n: int, _: bytes) -> None:
        if n == 3:
            signal.raise_signal(signal.SIGINT)

    counted(monkeypatch, interrupt)
    # Where tests run in the background, interrupts may be ignored to begin with.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            population.append([rating(3, 4)])
    finally:
        signal.signal(signal.SIGINT, before)
    assert population.verdicts()[3].rating == 4
    assert population.commits == 4


def test_every_new_file_and_its_folder_are_flushed(
    path: Path, population: Population, flushed: list[int]
) -> None:
    root = path / "population.zarr"
    before = {f: f.stat().st_ino for f in root.rglob("*") if f.is_file()}
    flushed.clear()
    population.append(mixed(8))
    new = [f for f in root.rglob("*") if f.is_file() and before.get(f) != f.stat().st_ino]
    assert len(new) > 50
    expected = {p.stat().st_ino for f in new for p in (f, f.parent)}
    assert expected <= set(flushed)
    last = [(root / "zarr.json").stat().st_ino, root.stat().st_ino]
    assert flushed[-2:] == last  # the marker comes after all that it counts


def test_nothing_to_append_is_no_commit(population: Population) -> None:
    population.append([])
    assert population.commits == 3


def test_closed_population_refuses_to_append_but_reads(population: Population) -> None:
    population.close()
    population.close()
    with pytest.raises(ArchiveError, match="'demo' is closed"):
        population.append([individual(8)])
    assert population.genome(0) == individual(0).genome


@pytest.fixture
def unconfirmed(path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let so many flushes fail after the marker of the next commit is in place."""

    def arm(times: int, error: int) -> None:
        flush, left = files.flush_folder, times
        seq = read_header(path).marker.seq

        def failing(folder: Path, *inner: str) -> None:
            nonlocal left
            if left > 0 and read_header(path).marker.seq > seq:
                left -= 1
                raise OSError(error, os.strerror(error))
            flush(folder, *inner)

        monkeypatch.setattr(files, "flush_folder", failing)
        monkeypatch.setattr(ledger, "flush_folder", failing)

    return arm


FAILURES = [errno.ENOSPC, errno.EDQUOT, errno.EIO]


@pytest.mark.parametrize("error", FAILURES)
def test_a_commit_that_the_disk_confirms_at_the_second_try_is_saved(
    path: Path, population: Population, unconfirmed: Callable[..., None], error: int
) -> None:
    commits, born = population.commits, len(population)
    unconfirmed(1, error)
    population.append(mixed(born))
    assert (population.commits, len(population)) == (commits + 1, born + 2)
    population.append([rating(0, 1)])
    with Population.open(path, write=False) as reader:
        assert state(reader) == state(population)


@pytest.mark.parametrize("error", FAILURES)
def test_rows_that_are_appended_again_because_the_disk_did_not_confirm_them_count_once(
    path: Path, population: Population, unconfirmed: Callable[..., None], error: int
) -> None:
    commits, born = population.commits, len(population)
    unconfirmed(3, error)
    for _ in range(2):
        with pytest.raises(SavingError):
            population.append(mixed(born))
    population.append(mixed(born))
    assert (population.commits, len(population)) == (commits + 1, born + 2)
    population.append([rating(0, 1)])
    population.append([rating(0, 1)])
    assert population.commits == commits + 3
    population.close()
    assert check_population(path).problems == []


def test_other_rows_can_follow_those_that_the_disk_did_not_confirm(
    population: Population, unconfirmed: Callable[..., None]
) -> None:
    commits, born = population.commits, len(population)
    unconfirmed(2, errno.ENOSPC)
    with pytest.raises(SavingError):
        population.append([individual(born)])
    population.append([rating(0, 1)])
    population.append([individual(born)])  # only now is it asked for again
    population.append([individual(born + 1)])
    assert (population.commits, len(population)) == (commits + 3, born + 2)


def test_a_rating_given_again_after_another_one_is_saved_again(
    population: Population, unconfirmed: Callable[..., None]
) -> None:
    unconfirmed(2, errno.EIO)
    with pytest.raises(SavingError):
        population.append([rating(0, 5)])
    population.append([rating(0, 2)])
    population.append([rating(0, 5)])
    assert population.verdicts()[0].rating == 5
