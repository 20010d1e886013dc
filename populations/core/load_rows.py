"""Committed rows back to what the engine knows them as."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.judgements import KINDS
from evolve.search.plan import Plan
from evolve.session.archive import Judgement
from populations.core.index import Index
from populations.format.failures import DamagedError
from populations.format.json_texts import SENSELESS, parse
from populations.format.ledger import Ledger
from populations.format.schema import HIGHEST, MOST_ROWS


def load(index: Index, ledger: Ledger, *, before: Mapping[str, int]) -> None:
    """Add to `index` the committed rows that come after the counts `before`.

    Raises:
        DamagedError: Files are missing or altered.
    """
    try:
        _births(index, ledger, before.get("individuals", 0))
        _renders(index, ledger, before.get("renders", 0))
        _scores(index, ledger, before.get("scores", 0))
        for judgement in judgements(ledger, start=before.get("events", 0), with_by=False):
            if judgement.individual >= len(index.generations):
                raise ValueError("judgements refer to missing individuals")
            index.add_judgement(judgement)
        _notes(index, ledger, before.get("notes", 0))
        plans = ledger.table("plans")
        if plans.rows > before.get("plans", 0):
            index.plan = Plan.from_json(parse(plans.read("plan", plans.rows - 1)[0]))
    except SENSELESS as error:
        what = f"invalid rows: {type(error).__name__} {error}"
        raise DamagedError(ledger.path.name, what) from error


def judgements(ledger: Ledger, *, start: int = 0, with_by: bool = True) -> list[Judgement]:
    """Return all judgements, in order; `by` is slower to read than the rest."""
    table = ledger.table("events")
    names = ("individual", "kind", "value", "page")
    columns = [_column(ledger, "events", c, start) for c in names]
    if are_impossible(columns[1], columns[2]).any():
        raise ValueError("judgements have impossible values")
    by = [_by(info) for info in table.read("info", start)] if with_by else None
    return [
        Judgement(
            individual=about,
            kind=KINDS[kind],
            value=value,
            page=None if page < 0 else page,
            by=by[n] if by else "person",
        )
        for n, (about, kind, value, page) in enumerate(
            zip(*(column.tolist() for column in columns), strict=True)
        )
        if 0 <= kind < len(KINDS) and about >= 0  # newer kinds, and rows given up by a repair
    ]


def _by(info: str) -> str:
    """Return where a judgement came from; as it is only shown, it may be missing."""
    try:
        return str(parse(info)["by"])
    except SENSELESS:
        return "unknown"


def are_impossible(kinds: NDArray[np.int16], values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which judgements have a value that their kind, if it is known, cannot have."""
    known = (kinds >= 0) & (kinds < len(KINDS))
    highest = np.array(HIGHEST)[np.where(known, kinds, 0)]
    impossible: NDArray[np.bool_] = known & ((values < 0) | (values > highest))
    return impossible


def _births(index: Index, ledger: Ledger, start: int) -> None:
    generations = _column(ledger, "individuals", "generation", start)
    if len(generations) and not 0 <= generations.min() <= generations.max() < MOST_ROWS:
        raise ValueError("impossible generations")
    index.add_births(generations)


def _renders(index: Index, ledger: Ledger, start: int) -> None:
    table = ledger.table("renders")
    index.add_renders(
        _about(index, _column(ledger, "renders", "individual", start)),
        _column(ledger, "renders", "length", start),
        first_row=start,
        error=lambda row: str(table.read("error", row, row + 1)[0]),
    )


def _scores(index: Index, ledger: Ledger, start: int) -> None:
    table = ledger.table("scores")
    individuals = _about(index, _column(ledger, "scores", "individual", start))
    values = _column(ledger, "scores", "value", start)
    names: dict[str, int] = {}

    def as_numbers(block: NDArray[Any]) -> NDArray[np.int32]:
        if len(block) and (block == block[0]).all():  # as nearly always, and quick to see
            return np.full(len(block), names.setdefault(block[0], len(names)), np.int32)
        return np.array([names.setdefault(name, len(names)) for name in block.tolist()], np.int32)

    numbers = table.scan("scorer", as_numbers, start=start)
    for name, number in names.items():
        by_name = numbers == number
        index.add_scores(name, individuals[by_name], values[by_name])


def _notes(index: Index, ledger: Ledger, start: int) -> None:
    if ledger.table("notes").rows > start:
        individuals = _about(index, _column(ledger, "notes", "individual", start)).tolist()
        for individual, text in zip(
            individuals, _column(ledger, "notes", "text", start), strict=True
        ):
            if individual >= 0:  # else it was given up by a repair
                index.add_note(individual, str(text))


def _column(ledger: Ledger, table: str, name: str, start: int) -> NDArray[Any]:
    """Return a column from a row on; whole ones are tested against what was committed."""
    return ledger.table(table).scan(name, start=start) if start else ledger.whole(table, name)


def _about(index: Index, individuals: NDArray[np.int64]) -> NDArray[np.int64]:
    if len(individuals) and not -1 <= individuals.min() <= individuals.max() < len(
        index.generations
    ):
        raise ValueError("they refer to missing individuals")
    return individuals
