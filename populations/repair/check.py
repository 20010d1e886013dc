"""Verify a population against its own record, and mend what can be mended safely."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from evolve.errors import ArchiveError
from populations.core import load_rows
from populations.core.captions import counted, which
from populations.core.index import Index
from populations.core.population import Population
from populations.format.failures import DamagedError, UnreadableError, saving_failed
from populations.format.files import keys
from populations.format.header import read_header, restore_header
from populations.format.ledger import Ledger
from populations.format.lock import WriterLock
from populations.home import founding
from populations.home.names import ZARR
from populations.repair.restore_rows import mend
from populations.repair.swap_back import put_back_description, put_back_pictures
from populations.repair.verify import (
    damaged_pictures,
    unreadable_columns,
    wrong_individuals,
    wrong_references,
)


@dataclass(slots=True)
class Report:
    """What `check_population` found."""

    individuals: int = 0
    problems: list[str] = field(default_factory=list)
    """What is wrong (after the repair, if there was one), one line each."""
    repaired: list[str] = field(default_factory=list)
    """What was mended, one line each."""

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check_population(
    path: Path,
    *,
    repair: bool = False,
    progress: Callable[[int, int], None] = lambda done, count: None,
) -> Report:
    """Verify marker, shapes, checksums, references and pictures of the population in `path`.

    A repair removes what an interrupted writer left, restores what is there twice or follows from
    the rest, gives damaged pictures back to be painted again, and gives up rows that cannot be read
    any more, so that all others can be; it reports which. It never invents a genome or a picture.

    Args:
        path: Folder of the population.
        repair: Mend what can be mended; takes the writer lock.
        progress: Called with the individuals verified so far, and their number.

    Raises:
        LockedError: It is to be repaired, and is open for writing elsewhere.
        ArchiveError: There is no such population, or a repair could not be written.
    """
    path, report = Path(path), Report()
    lock = None
    if repair and (path / ZARR).is_dir():
        lock = WriterLock(path)
    try:
        if foreign := _foreign_files(path):
            report.problems.append(foreign)
            return report
        if lock:
            report.repaired += put_back_description(path)
        if not _can_begin(path, report, repair=repair):
            return report
        broken = _verify(_open(path, report, repair=repair), report, progress, repair=repair)
    except OSError as error:
        raise saving_failed(error, path) from error
    finally:
        if lock:
            lock.release()
    if broken and repair:
        broken = _withdraw(path, broken, report)
    if broken:
        report.problems.append(f"no readable picture of {which('individual', broken)}")
    return report


def _foreign_files(path: Path) -> str:
    """Return what is wrong with the files of a population, before one is opened; else nothing.

    A repair would take what lies behind a link for lost.
    """
    try:
        if (path / ZARR).is_dir():
            for _ in keys(path):
                pass
    except ArchiveError as error:
        return str(error)
    return ""


def _can_begin(path: Path, report: Report, *, repair: bool) -> bool:
    """Return whether the header can be read, if need be after it was restored."""
    try:
        read_header(path)
    except ArchiveError as error:
        if isinstance(error, UnreadableError) or not (path / ZARR).is_dir():
            raise
        with contextlib.suppress(ArchiveError):
            if repair:
                commits = restore_header(path).marker.seq
                restored = f"restored zarr.json as of commit {commits}"
                report.repaired.append(f"{restored}: if there was a later one, it is lost")
                return True
        report.problems.append(str(error))
        return False
    return True


def _open(path: Path, report: Report, *, repair: bool) -> Ledger:
    ledger = Ledger(path, write=repair, restore=repair)
    report.repaired += [f"wrote {name}/zarr.json from scratch" for name in ledger.restored]
    if ledger.leftovers:
        report.repaired.append(f"removed {ledger.leftovers} leftovers of an interrupted save")
    return ledger


def _verify(
    ledger: Ledger, report: Report, progress: Callable[[int, int], None], *, repair: bool
) -> list[int]:
    """Add what is wrong to the report; return the individuals whose picture is damaged."""
    report.individuals = ledger.marker.rows.get("individuals", 0)
    if repair:
        report.repaired += mend(ledger)
    if wrong := founding.problem(ledger.header.config):
        report.problems.append(wrong)
    report.problems += unreadable_columns(ledger)
    report.problems += wrong_individuals(ledger, progress)
    report.problems += wrong_references(ledger)
    index = Index()
    try:
        load_rows.load(index, ledger, before={})
    except Exception as error:
        if not report.problems:  # else it is their consequence
            report.problems.append(f"it cannot be opened: {error}")
        return []
    if repair and index.rated != ledger.marker.rated:  # some were given up
        ledger.marker = replace(ledger.marker, rated=index.rated)
        ledger.save_repair()
    if repair and (dropped := ledger.discard_dropped(of_all=True)):
        report.repaired.append(f"removed {counted(dropped, 'file')} of pictures that are not kept")
    damaged = damaged_pictures(ledger, index)
    if repair and (actions := put_back_pictures(ledger, index, damaged)):
        ledger.save_repair()
        report.repaired += actions
        damaged = damaged_pictures(ledger, index)
    return damaged


def _withdraw(path: Path, broken: list[int], report: Report) -> list[int]:
    """Give damaged pictures back to be painted again; return those that could not be."""
    with contextlib.suppress(DamagedError), Population.open(path) as population:
        population.withdraw(broken, "its picture was damaged")
        report.repaired.append(f"{which('individual', broken)} will be painted again")
        return []
    return broken
