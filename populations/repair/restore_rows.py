"""Rows that cannot be read any more are given up, so that all others can be.

This is the only place where something committed is changed: where files are lost or damaged. A lost
chunk of a column is filled with what stands for "not known"; rows that are worthless without it are
about no individual from then on. Genomes, noise and pictures are never invented.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evolve.search.plan import Plan
from populations.core.captions import which
from populations.format.ledger import Ledger
from populations.format.tables import Table
from populations.repair.swap_back import put_back

_NONE = -1
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
    "notes": {"info": '{"by":"unknown"}', "created": 0},
    "plans": {"plan": json.dumps(Plan().to_json()), "created": 0},
    "branches": {"name": "lost", "parent": 0, "fork": 0, "at": -1, "created": 0},
}
"""What stands for a lost value, where the rest of its row is good without it."""

_NEEDED: dict[str, dict[str, Any]] = {
    "renders": {"individual": _NONE, "length": 0},
    "scores": {"individual": _NONE, "scorer": "", "value": 0.0},
    "events": {"individual": _NONE, "kind": -1, "value": 0},
    "notes": {"individual": _NONE, "text": ""},
}
"""Columns without which a row is worthless, and what they are filled with."""


def mend(ledger: Ledger) -> list[str]:
    """Mend what can be mended, and return what was done and what was lost.

    Files that changed places are put back. Lost chunks are filled, and the rows that need them are
    given up; but not in a table where something else is in a wrong place: there all stays as it is.
    All of it is saved together: a repair that is interrupted is done later or not at all.
    """
    actions = put_back(ledger)
    for table in ledger.tables:
        surveys = {name: ledger.survey(table.name, name) for name in _knows(table.name)}
        if not any(survey.misplaced for survey in surveys.values()):
            lost = {name: list(survey.lost) for name, survey in surveys.items() if survey.lost}
            actions += _give_up(ledger, table, lost)
    if actions:
        ledger.save_repair()
    return actions


def _give_up(
    ledger: Ledger, table: Table, lost: Mapping[str, Sequence[tuple[int, int]]]
) -> list[str]:
    """Fill chunks of columns, from and up to some rows, and give up the rows that need them."""
    actions = []
    needed = _NEEDED.get(table.name, {})
    given_up: set[int] = set()
    for name, chunks in lost.items():
        for start, stop in chunks:
            unknown = _knows(table.name)[name]
            if name == "generation" and start:  # it never falls: later pages are counted from it
                (unknown,) = table.read(name, start - 1, start)
            table.replace(name, start, np.full((stop - start,), unknown, object))
            if name in needed:
                given_up.update(range(start, stop))
            else:
                actions.append(
                    f"{table.name}: {name} of {which('row', range(start, stop))} is lost"
                )
    if given_up:
        about = table.read("individual").copy()
        about[sorted(given_up)] = _NONE
        for start in range(0, table.rows, table.columns["individual"].chunk):
            stop = min(start + table.columns["individual"].chunk, table.rows)
            if not given_up.isdisjoint(range(start, stop)):
                table.replace("individual", start, about[start:stop])
        actions.append(f"{table.name}: lost {which('row', sorted(given_up))}")
    if actions:
        ledger.reseal(table.name, {*lost, "individual"} if given_up else lost)
    return actions


def _knows(table: str) -> Mapping[str, Any]:
    """Return what can stand in place of what is lost, by column."""
    return {**_UNKNOWN.get(table, {}), **_NEEDED.get(table, {})}
