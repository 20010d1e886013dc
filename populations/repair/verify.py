"""The single tests that make up a check; each returns what is wrong, one line per finding."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.search.individual import Origin
from populations.core.branches import branch_rows
from populations.core.captions import which
from populations.core.edit_sources import Bases
from populations.core.index import Index
from populations.core.load_rows import are_impossible
from populations.format import checksums, picture_bytes
from populations.format.columns.values import ColumnValues
from populations.format.failures import DamagedError
from populations.format.json_texts import SENSELESS, parse
from populations.format.ledger import MISPLACED, Ledger
from populations.format.schema import DROPPED, LATEST, latents
from populations.format.tables import Table

_BLOCK = 256
"""Individuals that are verified together."""
_MISSING, _ALTERED = "missing noise", "altered noise or genome"


def _readable() -> AbstractContextManager[None]:
    """Skip what cannot be read: `unreadable_columns` reports it."""
    return contextlib.suppress(DamagedError)


def unreadable_columns(ledger: Ledger) -> list[str]:
    """Read every committed row of every column, except pictures."""
    problems = []
    for table in ledger.tables:
        if not table.is_named:
            problems.append(f"{table.name}/zarr.json is missing or damaged")
        for column in table.columns.values():
            try:
                table.length(column.name)
                if column.dtype == "blob":
                    continue
                survey = ledger.survey(table.name, column.name)
                problems += [error.what for error in survey.lost.values()]
                if survey.misplaced:
                    problems.append(f"{table.name}/{column.name}: {MISPLACED}")
            except DamagedError as error:
                problems.append(error.what)
    return problems


def wrong_individuals(ledger: Ledger, progress: Callable[[int, int], None]) -> list[str]:
    """Test genome, noise, origin and parents of every individual whose columns can be read."""
    table = ledger.table("individuals")
    wrong: dict[str, list[int]] = {}
    bases = Bases(ledger)
    for start in range(0, table.rows, _BLOCK):
        stop = min(start + _BLOCK, table.rows)
        with _readable():
            for i, what in _wrong_in_block(ledger, bases, start, stop):
                wrong.setdefault(what, []).append(i)
        progress(stop, table.rows)
    return [f"{what} of {which('individual', ids)}" for what, ids in wrong.items()]


def wrong_noise(ledger: Ledger, bases: Bases, start: int = 0, stop: int | None = None) -> list[int]:
    """Return the individuals from `start` up to `stop` (default: all) without their noise."""
    wrong: list[int] = []
    last = ledger.table("individuals").rows if stop is None else stop
    for first in range(start, last, _BLOCK):
        with _readable():
            wrong_here = _wrong_in_block(ledger, bases, first, min(first + _BLOCK, last))
            wrong += [i for i, what in wrong_here if what in (_MISSING, _ALTERED)]
    return wrong


def wrong_references(ledger: Ledger) -> list[str]:
    """Test that renders, scores and events are about individuals that exist."""
    problems = []
    count = ledger.marker.rows.get("individuals", 0)
    for name in ("renders", "scores", "events", "notes"):
        with _readable():
            about = ledger.table(name).read("individual")
            bad = np.flatnonzero((about < -1) | (about >= count)).tolist()  # -1: given up
            if bad:
                problems.append(f"{name}: reference to a missing individual in {which('row', bad)}")
    problems += _impossible_times(ledger)
    with _readable():
        kind, value = (ledger.table("events").read(c) for c in ("kind", "value"))
        bad = np.flatnonzero(are_impossible(kind, value)).tolist()
        if bad:
            problems.append(f"events: impossible value in {which('row', bad)}")
    with _readable():
        bad = np.flatnonzero(ledger.table("renders").read("length") < DROPPED).tolist()
        if bad:
            problems.append(f"renders: impossible length in {which('row', bad)}")
    with _readable():
        branches, born_in = branch_rows(ledger), ledger.table("individuals").read("branch")
        bad = [b.id for b in branches[1:] if not 0 <= b.parent < b.id or not 0 < b.fork <= count]
        if bad:
            rows = which("row", [i - 1 for i in bad])
            problems.append(f"branches: impossible parent or fork in {rows}")
        lost = np.flatnonzero((born_in < 0) | (born_in >= len(branches))).tolist()
        if lost:
            problems.append(f"impossible branch of {which('individual', lost)}")
    return problems


def _impossible_times(ledger: Ledger) -> Iterator[str]:
    for table in ledger.tables:
        if "created" in table.columns:
            with _readable():
                times = table.read("created").astype(np.int64)
                bad = np.flatnonzero((times < 0) | (times > LATEST)).tolist()
                if bad:
                    yield f"{table.name}: impossible time in {which('row', bad)}"


def damaged_pictures(ledger: Ledger, index: Index) -> list[int]:
    """Return the individuals whose latest picture cannot be decoded, or is not what was saved."""
    renders = ledger.table("renders")
    blocks = ColumnValues(renders)
    kept = np.flatnonzero((index.pictures.values >= 0) & (index.lengths.values > 0)).tolist()
    return [i for i in kept if not picture_is_right(renders, blocks, index, i)]


def picture_is_right(renders: Table, blocks: ColumnValues, index: Index, individual: int) -> bool:
    """Return whether the latest picture of an individual can be decoded and is what was saved."""
    row, length = index.pictures[individual], index.lengths[individual]
    try:
        data = renders.read_blob(row, length)
        with _readable():
            checksums.check_picture(individual, data, blocks.value("record", row))
        height, width = picture_bytes.decode(data).shape[:2]
    except (DamagedError, ValueError):
        return False
    size = (0, 0)
    with _readable():
        size = blocks.value("height", row), blocks.value("width", row)
    return size in ((height, width), (0, 0))


def _wrong_in_block(
    ledger: Ledger, bases: Bases, start: int, stop: int
) -> Iterator[tuple[int, str]]:
    table = ledger.table("individuals")
    names = ("parents", "origin", "genome", "crc32", "latent_shape", "latent_row")
    parents, origin, genome, crc, shapes, rows = (table.read(n, start, stop) for n in names)
    noises = _noises(ledger, shapes, rows)
    for n, i in enumerate(range(start, stop)):
        if ((parents[n] < -1) | (parents[n] >= i)).any():
            yield i, "impossible parents"
        noise = noises[n]
        if noise is None:
            yield i, _MISSING
        elif crc[n] not in (checksums.of_genome(i, genome[n], noise), checksums.of_noise(noise)):
            yield i, _ALTERED
        try:
            origin_data = parse(origin[n])
            if not (
                isinstance(origin_data["operator"], str) and isinstance(origin_data["params"], dict)
            ):
                raise TypeError
            Origin(origin_data["operator"], origin_data["params"])
        except SENSELESS:
            yield i, "damaged origin"
        try:
            data = parse(genome[n])
            base = bases.of(data)
            shape = (1, 1, 1) if base is None else base.latent.shape
            Genome.from_json(data, np.zeros(shape, np.float16), base)
        except DamagedError:
            yield i, "missing or damaged base"
        except SENSELESS:
            yield i, "damaged genome"


def _noises(
    ledger: Ledger, shapes: NDArray[np.int32], rows: NDArray[np.int64]
) -> list[NDArray[Any] | None]:
    """Return the noise of individuals that were born together, None where there is none."""
    rows_read: list[NDArray[Any] | None] = [None] * len(rows)
    for shape in {tuple(s) for s in shapes.tolist()}:
        name = latents(shape)
        if ledger.marker.rows.get(name, 0) == 0:
            continue
        table = ledger.table(name)
        of_shape = np.flatnonzero((shapes == shape).all(axis=1) & (rows >= 0) & (rows < table.rows))
        step = table.columns["data"].chunk
        for chunk in {int(c) for c in rows[of_shape] // step}:
            with _readable():
                start = chunk * step
                data = table.read("data", start, min(start + step, table.rows))
                for n in of_shape[rows[of_shape] // step == chunk]:
                    rows_read[n] = data[rows[n] - start]
    return rows_read
