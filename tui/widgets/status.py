"""The line that shows the page, what is going on, and whether all is saved."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from evolve.search.edits import PLACED
from populations.core.captions import counted
from tui.controller.picking import ANSWERS, answered
from tui.controller.planning import forecast
from tui.controller.population_controller import PopulationController
from tui.drawing.cells import parted
from tui.widgets.text_lines import Span, TextLine, TextLines, row_width, spread

METER = 8
"""Cells of the progress bar."""


def status_row(
    controller: PopulationController,
    *,
    name: str,
    place: str,
    notice: str,
    width: int,
    enlarged: str = "",
    waiting: int = 0,
) -> tuple[TextLine, str]:
    """Return the status line, and the rest of a notice that it has no room for.

    A notice replaces everything but the name and whether all is saved.

    Args:
        controller: The state to show.
        name: The population.
        place: Which part of the generation is on the screen, if it is not the whole.
        notice: A notice, empty for none.
        width: Cells of the line.
        enlarged: Which part of each picture is shown, if not all of it; the first to be left out.
        waiting: Keys that wait for a page or pictures.
    """
    saved, head = _saved(controller), (Span(f" {name} ", "chip"), Span(" "))
    if notice:
        return _noticed(head, notice, saved, waiting, width)
    where = position(controller, short=width < 100)
    page = [] if waiting and width < 100 else _page(controller)  # that is left already
    room = width - row_width((saved,)) - 1
    whole = f"{enlarged}, P: all of it" if enlarged else ""
    news = cache(lambda barred: _news(controller, waiting, width, barred=barred))
    decided = controller.plan, controller.page, controller.source.settings
    plan = cache(lambda short: forecast.planned(*decided, short=short))
    for part, short, barred in (
        (whole, False, True),
        (enlarged, False, True),
        (enlarged, True, True),
        ("", True, True),
        ("", True, False),
    ):
        at = Span(" · ".join(filter(None, (place, part))))
        ends = Span(plan(short), "accent"), *news(barred)
        row = (*head, *_apart((Span(where), at, *page, *ends)))
        if row_width(row) <= room:
            break
    else:  # then without the name, the step, and what is judged
        for kept in (page, page[:1], []):
            row = (Span(" "), *_apart((Span(where), at, *kept, *ends)))
            if row_width(row) <= room:
                break
    return spread(row, (Span(" "), saved), width), ""


def _saved(controller: PopulationController) -> Span:
    """Return whether all is saved."""
    if controller.ended is not None:
        return Span("ended ", "error")
    if controller.read_only:
        return Span("read-only ", "accent")
    if controller.unsaved:
        return Span(f"{controller.durable.missing or 'pictures'} not saved ", "error")
    return Span("saving " if controller.durable.missing else "saved ", "label")


def _noticed(
    head: TextLine, notice: str, saved: Span, waiting: int, width: int
) -> tuple[TextLine, str]:
    """Return a row with a notice, and the rest of it that has no room there."""
    rest, keys = "", f"{counted(waiting, 'key')} waiting  " if waiting else ""
    tail = (Span("  "), Span(keys, "accent"), saved)
    if row_width((*head, Span(notice), *tail)) > width:
        head = (Span(" "),)
        notice, rest = parted(notice, width - row_width((*head, *tail)))
    return spread((*head, Span(notice, "warning")), tail, width), rest


def _page(controller: PopulationController) -> list[Span]:
    """Return how much of the page on the screen is judged, and the step by which it was bred."""
    pages, durable = controller.pages, controller.durable
    judged = sum(any(durable.value(card, kind) for kind in ANSWERS) for card in pages.showing)
    step = forecast.stepping(pages, controller.plan)
    return [Span(f"judged {judged}/{len(pages.shown)}"), Span(step)]


def _news(
    controller: PopulationController, waiting: int, width: int, *, barred: bool
) -> list[Span]:
    """Return the answer about the page, what is planned, what waits, and what is going on."""
    pages = controller.pages
    news = [Span(controller.unsaved, "error"), Span(answered(pages.showing), "accent")]
    news.append(Span("next page: new words" * reworded(controller), "accent"))
    if marked := len(pages.marked):
        news.append(Span(f"marked {marked}", "accent"))
    if controller.advances:
        news.append(Span("auto", "accent"))
    if waiting:
        drops = "" if width < 100 else f", escape drops {'it' if waiting == 1 else 'them'}"
        news.append(Span(f"{counted(waiting, 'key')} waiting{drops}", "warning"))
    return [*news, *activity(controller, short=width < 100, barred=barred)]


def _apart(parts: Sequence[Span]) -> TextLine:
    """Return the parts that are not empty, with space between them."""
    spaced = [each for part in parts if part.text for each in (part, Span("  "))]
    return tuple(spaced[:-1])


def position(controller: PopulationController, *, short: bool = False) -> str:
    """Return the page shown, of how many, with its generation where that is another number.

    Generations are counted in the whole population, pages in the branch: a picture is of the same
    generation everywhere.
    """
    pages, name = controller.pages, "gen" if short else "generation"
    if not pages.generations:
        return f"{name} 0/0"
    page, number = pages.place(pages.generation) + 1, pages.generation + 1
    count = len(pages.generations)
    if pages.generations[-1] + 1 == count:
        return f"{name} {number}/{count}"
    return f"page {page}/{count} ({name} {number})"


def reworded(controller: PopulationController) -> bool:
    """Return whether the prompt was changed and no page has been bred with it yet.

    Edits come with words of their own.
    """
    plan, births = controller.plan, controller.pages.cards.births
    later = (births[i].origin.operator for i in range(plan.since, len(births)))
    return plan.prompt is not None and all(operator in PLACED for operator in later)


def activity(
    controller: PopulationController, *, short: bool = False, barred: bool = True
) -> list[Span]:
    """Return what is going on: breeding, loading the model, or painting with its progress."""
    painting = controller.painting
    drafts = controller.drafts
    # The page that is chosen is painted before what is left of the one on the screen.
    if drafts is not None and (drafts.choosing or not painting.total):
        doing = "measuring sizes" if drafts.measuring else "finding sizes"
        doing = f"choosing{': painting' * (not short)}" if drafts.choosing else doing
        bar = "" if short or not drafts.work else f" {meter(1 - drafts.rest / drafts.wanted)}"
        far = f"{drafts.painted}/{drafts.wanted}{bar}"
        return [Span(f"{doing} {far}{_time(controller.choosing.seconds(drafts.rest))}", "accent")]
    breeding = [Span("breeding…", "accent")] if controller.breeding else []
    if breeding and not painting.total:
        return breeding
    if controller.read_only:
        return []
    if not painting.total:
        missing = len(controller.pages.missing)
        return (
            [Span(f"{missing} not painted, r paints", "warning")]
            if missing
            else ahead(controller, short)
        )
    if controller.model is None and not painting.work:
        return [*breeding, Span(controller.preparing, "accent")]
    bar = f" {meter(painting.work / painting.total)}" if barred else ""
    far = f"{painting.done}/{painting.total}{bar}{_time(painting.seconds_left)}"
    return [*breeding, Span(f"painting {far}", "accent")]


def meter(share: float) -> str:
    """Return a bar for the share that is done."""
    filled = round(METER * share)
    return "━" * filled + "─" * (METER - filled)


def _time(seconds: float | None) -> str:
    return "" if seconds is None else f" {duration(seconds)}"


def ahead(controller: PopulationController, short: bool = False) -> list[Span]:
    """Return how much of the page that would be bred now is painted already."""
    ready = controller.ready
    if ready is None or not ready.page or controller.ended is not None or not controller.may_breed:
        return []
    if ready.ready == ready.page:
        return [Span("next page ready", "label")]
    rests = (", rests" if short else ", rests until you rate") if ready.rests else ""
    return [Span(f"next {ready.ready}/{ready.page}{rests}", "label")]


def duration(seconds: float) -> str:
    """Return a time as text: `14 s`, `3 min`, `2 h`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{round(seconds / 3600)} h"


class Status(TextLines):
    """The status line; a notice that is longer goes on in the line of keys below."""

    def __init__(self) -> None:
        super().__init__(id="status")
