"""The line that says where one is, what is going on, and that all is saved."""

from __future__ import annotations

from collections.abc import Sequence

from tui.controller import forecast
from tui.controller.controller import Desk
from tui.controller.picking import ANSWERS, answered
from tui.widgets.text_lines import Part, Row, Rows, row_width, spread

METER = 8
"""Cells of the progress bar."""
NOTICE_SECONDS = 6.0
"""How long a notice stays."""


def status_row(desk: Desk, *, name: str, place: str, notice: str, width: int) -> Row:
    """Return the status line; a notice takes the place of everything that can wait.

    Args:
        desk: What to tell about.
        name: The population.
        place: Which part of the generation is on the screen, if it is not the whole.
        notice: Something to say for some seconds, or nothing.
        width: Cells there are.
    """
    board = desk.board
    saved = Part("saving " if desk.durable.missing else "saved ", "label")
    if desk.unsaved:
        saved = Part(f"{desk.durable.missing or 'pictures'} not saved ", "error")
    if desk.only_looks:
        saved = Part("looking only ", "accent")
    if desk.ended is not None:
        saved = Part("ended ", "error")
    head: Row = (Part(f" {name} ", "chip"), Part(" "))
    if notice:
        if row_width((*head, Part(notice), saved)) + 2 > width:
            head = (Part(" "),)
        return spread((*head, Part(notice, "warning")), (Part("  "), saved), width)
    rated = sum(any(desk.durable.value(card, kind) for kind in ANSWERS) for card in board.showing)
    where = f"generation {position(desk)}"
    if width < 100:
        where = f"gen {position(desk)}"
    page = [Part(where), Part(place), Part(f"rated {rated}/{len(board.shown)}")]
    page.append(Part(forecast.stepping(board, desk.plan)))
    parts = [Part(desk.unsaved, "error"), Part(answered(board.showing), "accent")]
    if marked := len(board.marked):
        parts.append(Part(f"marked {marked}", "accent"))
    if desk.advances:
        parts.append(Part("auto", "accent"))
    parts += activity(desk)
    room = width - row_width((saved,)) - 1
    for short in (False, True):
        plan = forecast.planned(desk.plan, desk.page, short=short)
        row = (*head, *_apart([*page, Part(plan, "accent"), *parts]))
        if row_width(row) <= room:
            break
    else:  # then without the name
        row = row[1:]
    return spread(row, (Part(" "), saved), width)


def _apart(parts: Sequence[Part]) -> Row:
    """Return those that say something, with space between them."""
    told = [each for part in parts if part.text for each in (part, Part("  "))]
    return tuple(told[:-1])


def position(desk: Desk) -> str:
    """Return which generation is shown and which is the last, in numbers of the population.

    Those bred in other branches are counted too: a picture is of the same generation everywhere.
    """
    board = desk.board
    if not board.generations:
        return "0/0"
    return f"{board.generation + 1}/{board.generations[-1] + 1}"


def activity(desk: Desk) -> list[Part]:
    """Return what is going on: breeding, the model being loaded, painting and how far it is."""
    meter = desk.meter
    if desk.breeding:
        return [Part("breeding…", "accent")]
    if desk.only_looks:
        return []
    if not meter.total:
        missing = len(desk.board.missing)
        return [Part(f"{missing} not painted, r paints", "warning")] if missing else []
    if desk.model is None and not meter.work:
        return [Part("loading the model…", "accent")]
    filled = round(METER * meter.work / meter.total)
    bar = "━" * filled + "─" * (METER - filled)
    left = meter.seconds_left
    time = f" {duration(left)}" if left is not None else ""
    return [Part(f"painting {meter.done}/{meter.total} {bar}{time}", "accent")]


def duration(seconds: float) -> str:
    """Return a time for reading: `14 s`, `3 min`, `2 h`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h"


class Status(Rows):
    """The status line."""

    def __init__(self) -> None:
        super().__init__(id="status")

    def tell(self, desk: Desk, *, name: str, place: str, notice: str) -> None:
        """Show what is going on."""
        width = self.size.width
        self.show([status_row(desk, name=name, place=place, notice=notice, width=width)])
