"""Committed rows back to what the engine knows them as."""

from __future__ import annotations

import json
from collections.abc import Mapping

from evolve.archive import Judgement
from evolve.individual import Birth, Origin
from evolve.plan import Plan
from populations.failures import DamagedError
from populations.index import Index
from populations.ledger import Ledger
from populations.schema import KINDS


def load(index: Index, ledger: Ledger, *, before: Mapping[str, int]) -> None:
    """Add to `index` the committed rows that come after the counts `before`.

    Raises:
        DamagedError: Files are missing or altered.
    """
    try:
        _births(index, ledger, before.get("individuals", 0))
        _renders(index, ledger, before.get("renders", 0))
        _scores(index, ledger, before.get("scores", 0))
        for said in judgements(ledger, start=before.get("events", 0), with_by=False):
            index.add_judgement(said)
        plans = ledger.table("plans")
        if plans.rows > before.get("plans", 0):
            index.plan = Plan.from_json(json.loads(plans.read("plan", plans.rows - 1)[0]))
    except (ValueError, KeyError, IndexError, TypeError) as error:
        what = f"rows that make no sense: {type(error).__name__} {error}"
        raise DamagedError(ledger.path.name, what) from error


def judgements(ledger: Ledger, *, start: int = 0, with_by: bool = True) -> list[Judgement]:
    """Return all that was said, in order; `by` is slower to read than the rest."""
    table = ledger.table("events")
    names = ("individual", "kind", "value", "page")
    columns = [table.read(c, start).tolist() for c in names]
    by = [json.loads(i)["by"] for i in table.read("info", start)] if with_by else None
    return [
        Judgement(
            individual=about,
            kind=KINDS[kind],  # type: ignore[arg-type]  # a literal of the same names
            value=value,
            page=None if page < 0 else page,
            by=by[n] if by else "person",
        )
        for n, (about, kind, value, page) in enumerate(zip(*columns, strict=True))
        if kind < len(KINDS)  # a newer minor version may know more kinds
    ]


def _births(index: Index, ledger: Ledger, start: int) -> None:
    table = ledger.table("individuals")
    columns = (table.read(c, start) for c in ("generation", "parents", "origin"))
    for i, (generation, parents, origin) in enumerate(zip(*columns, strict=True), start=start):
        told = json.loads(origin)
        index.add_birth(
            Birth(
                id=i,
                origin=Origin(told["operator"], told["params"]),
                parents=tuple(parents[parents >= 0].tolist()),
                generation=int(generation),
            )
        )


def _renders(index: Index, ledger: Ledger, start: int) -> None:
    table = ledger.table("renders")
    columns = (table.read(c, start).tolist() for c in ("individual", "length", "error"))
    for row, (about, length, error) in enumerate(zip(*columns, strict=True), start=start):
        index.add_render(about, row=row, length=length, error=error)


def _scores(index: Index, ledger: Ledger, start: int) -> None:
    table = ledger.table("scores")
    columns = (table.read(c, start).tolist() for c in ("individual", "scorer", "value"))
    for about, scorer, value in zip(*columns, strict=True):
        index.add_score(about, scorer, value)
