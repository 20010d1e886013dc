"""Rows that cannot be read any more are given up, so that all others can be.

This is the only place where something committed is changed: where files are lost or damaged. A lost
chunk of a column is filled with what stands for "not known"; rows that make no sense without it are
about nobody from then on. Genomes, noise and pictures are never made up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np

from evolve.plan import Plan
from populations import checksums
from populations.failures import DamagedError
from populations.ledger import Ledger
from populations.running import run
from populations.tables import Table
from populations.verify import numbers

_NOBODY = -1
"""`individual` of a row that was given up."""

_UNKNOWN: dict[str, dict[str, Any]] = {
    "individuals": {
        "generation": 0,
        "branch": 0,
        "parents": -1,
        "origin": '{"operator":"unknown","params":{}}',
        "created": 0,
    },
    "renders": {"width": 0, "height": 0, "error": "", "record": "{}", "created": 0},
    "scores": {"created": 0},
    "events": {"page": -1, "info": '{"by":"unknown"}', "created": 0},
    "plans": {"plan": json.dumps(Plan().to_json()), "created": 0},
    "branches": {"name": "lost", "parent": 0, "fork": 0, "at": -1, "created": 0},
}
"""What stands for a lost value, where the rest of its row is good without it."""

_NEEDED: dict[str, dict[str, Any]] = {
    "renders": {"individual": _NOBODY, "length": 0},
    "scores": {"individual": _NOBODY, "scorer": "", "value": 0.0},
    "events": {"individual": _NOBODY, "kind": -1, "value": 0},
}
"""Columns without which a row says nothing, and what they are filled with."""


def mend(ledger: Ledger) -> list[str]:
    """Fill lost chunks and give up the rows that need them; return what was lost."""
    said: list[str] = []
    for table in ledger.tables:
        needed = _NEEDED.get(table.name, {})
        given_up: set[int] = set()
        changed: set[str] = set()
        for name, unknown in {**_UNKNOWN.get(table.name, {}), **needed}.items():
            for start, stop in _lost(ledger, table, name):
                run(table.replace(name, start, np.full((stop - start,), unknown, object)))
                rows = range(start, stop)
                changed.add(name)
                if name in needed:
                    given_up.update(rows)
                else:
                    said.append(f"{table.name}: {name} of rows {numbers(rows)} is lost")
        if given_up:
            changed.add("individual")
            about = table.read("individual").copy()
            about[sorted(given_up)] = _NOBODY
            for start in range(0, table.rows, table.columns["individual"].chunk):
                stop = min(start + table.columns["individual"].chunk, table.rows)
                if not given_up.isdisjoint(range(start, stop)):
                    run(table.replace("individual", start, about[start:stop]))
            said.append(f"{table.name}: rows {numbers(sorted(given_up))} are lost")
        if changed:
            ledger.reseal(table.name, changed)
    return said


def _lost(ledger: Ledger, table: Table, name: str) -> Iterator[tuple[int, int]]:
    """Yield the rows of each chunk that cannot be read, or all if they are not what was saved."""
    step, crc32 = table.columns[name].chunk, 0
    chunks = [(n, min(n + step, table.rows)) for n in range(0, table.rows, step)]
    lost = []
    for start, stop in chunks:
        try:
            crc32 = checksums.of_values(table.read(name, start, stop), crc32)
        except DamagedError:
            lost.append((start, stop))
    if not lost and not ledger.is_as_committed(table.name, name, crc32):
        lost = chunks
    yield from lost
