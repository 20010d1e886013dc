"""Rows that cannot be read any more are given up, so that all others can be.

This is the only place where something committed is changed: where files are lost or damaged. Those
in each other's place are put back. A lost chunk of a column is filled with what stands for "not
known"; rows that make no sense without it are about nobody from then on. Genomes, noise and
pictures are never made up.
"""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import numpy as np

from evolve.plan import Plan
from populations.ledger import Ledger
from populations.running import run
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
    """Mend what can be mended, and return what was done and what was lost.

    Files that changed places are put back. Lost chunks are filled, and the rows that need them are
    given up; but not in a table where something else is in a wrong place: there all stays as it is.
    """
    said, unclear = _put_back(ledger)
    for table in ledger.tables:
        if table.name in unclear:
            continue
        needed = _NEEDED.get(table.name, {})
        given_up: set[int] = set()
        changed: set[str] = set()
        for name, unknown in {**_UNKNOWN.get(table.name, {}), **needed}.items():
            for start, stop in ledger.survey(table.name, name).lost:
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


def _put_back(ledger: Ledger) -> tuple[list[str], set[str]]:
    """Swap the files of columns that are in each other's place.

    Returns:
        What was put back, and the tables in which something is in a wrong place still.
    """
    found = {
        (table.name, name): survey.crc32
        for table in ledger.tables
        for name in table.columns
        if ledger.sum(table.name, name) is not None
        and (survey := ledger.survey(table.name, name)).misplaced
    }
    said = []
    for one, two in combinations(list(found), 2):
        if found.get(one) == ledger.sum(*two) and found.get(two) == ledger.sum(*one):
            ledger.swap(one, two)
            del found[one], found[two]
            said.append(
                f"put the files of {'/'.join(one)} and {'/'.join(two)} back in their places"
            )
    return said, {table for table, _ in found}
