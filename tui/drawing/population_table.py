"""The list of populations as a table that fits the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from rich.cells import cell_len, set_cell_size

from evolve.text import one_line
from populations.format.lock import written_by

ListedPopulation = Mapping[str, Any]
"""A population as `fancier list --json` gives it."""

NUMBERS = 8
"""Cells of a column of numbers."""
WHEN = 12
"""Cells of the last column."""
OPEN = "open now"
"""Shown in the last column while a population is open elsewhere."""
GAP = 2
FULL = 90
"""Cells from which all columns are shown."""


class Columns(NamedTuple):
    """Cells of the columns that differ; 0 leaves one out."""

    name: int
    prompt: int
    model: int


def columns(populations: Sequence[ListedPopulation], width: int) -> Columns:
    """Return how the columns share `width` cells."""
    name = max([4, *(cell_len(str(p["name"])) for p in populations)])
    model = max([5, *(cell_len(str(p.get("model", ""))) for p in populations)])
    name, model = min(name, 24, width // 3 - 6), min(model, 20) if width >= FULL else 0
    taken = name + GAP + 2 * (NUMBERS + GAP) + WHEN + (model + GAP if model else 0)
    return Columns(name, max(8, width - taken - GAP), model)


def about(population: ListedPopulation, width: int) -> list[str]:
    """Return what is known of a population in lines of at most `width` cells."""
    writer = population.get("open")
    facts = [
        str(population["name"]),
        str(population.get("problem") or population.get("prompt") or ""),
        f"painted by {population.get('model') or 'an unknown model'}",
        f"{(population.get('bytes') or 0) / 1e6:.1f} MB on the disk",
        f"open elsewhere: {written_by(writer)}" if writer else "",
    ]
    return [_cut(" ".join(text.split()), width) for text in facts if text]


def heading(widths: Columns) -> str:
    """Return the line above the table."""
    return _join(widths, "name", "prompt", "model", "pictures", "rated", "last used")


def line(population: ListedPopulation, widths: Columns, now: datetime | None = None) -> str:
    """Return the line of one population."""
    return _join(
        widths,
        str(population["name"]),
        " ".join(str(population.get("problem") or population.get("prompt") or "").split()),
        str(population.get("model") or ""),
        str(population.get("individuals") or 0),
        str(population.get("rated") or 0),
        OPEN
        if population.get("open")
        else ago(population.get("last_used"), now or datetime.now(UTC)),
    )


def _join(
    widths: Columns, name: str, prompt: str, model: str, pictures: str, rated: str, when: str
) -> str:
    parts = [_cut(name, widths.name), _cut(prompt, widths.prompt)]
    if widths.model:
        parts.append(_cut(model, widths.model))
    parts += [pictures.rjust(NUMBERS), rated.rjust(NUMBERS), when.rjust(WHEN)]
    return (" " * GAP).join(parts)


def _cut(text: str, width: int) -> str:
    text = one_line(text)
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + "…"
    return set_cell_size(text, width)


def ago(when: str | None, now: datetime) -> str:
    """Return how long ago something was; `when` is ISO 8601, or None for never."""
    if when is None:
        return "never"
    try:
        moment = datetime.fromisoformat(when)
    except ValueError:
        return when
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    seconds = (now - moment).total_seconds()
    if seconds >= 31 * 86400:
        return moment.astimezone().date().isoformat()
    for name, length in (("day", 86400), ("hour", 3600), ("min", 60)):
        if (count := int(seconds // length)) > 0:
            return f"{count} {name}{'s' * (count > 1 and name != 'min')} ago"
    return "just now"
