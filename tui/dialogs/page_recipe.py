"""Choosing what the next pages are made of, place by place."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from evolve.search.operators import KINDS
from evolve.search.plan import SLOTS
from tui import keys
from tui.controller.population_controller import PopulationController
from tui.dialogs.dialog import Dialog
from tui.widgets.text_lines import Span, TextLine, TextLines

ACROSS = 4
"""Places in a row."""
CELL = 12
MEANING = {"auto": "whatever the search thinks best", **KINDS}


class PageRecipe(Dialog[bool]):
    """Places of a page with what each is to hold; dismissed with whether to breed at once."""

    TITLE_LINE = "What the next pages are made of"
    HINT = (
        "a auto · e keep · m mutate · c cross · n new · r all auto\n"
        "o how long · b breed now · escape goes back\n"
        "m in the gallery makes variations, whatever is planned"
    )
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.RECIPE]

    def __init__(self, controller: PopulationController) -> None:
        super().__init__(controller)
        slots = controller.plan.slots[: controller.page]
        self.slots = [*slots, *["auto"] * (controller.page - len(slots))]
        self.once = controller.plan.once
        """Whether it holds for the next page only."""
        self.place = 0
        """Place under the cursor, from 0."""

    def content(self) -> ComposeResult:
        places = TextLines(id="places")
        places.styles.height = -(-len(self.slots) // ACROSS)
        yield places
        meaning = TextLines(id="meaning")
        meaning.styles.height = 2
        yield meaning

    def draw(self) -> None:
        rows: list[TextLine] = []
        for first in range(0, len(self.slots), ACROSS):
            places = range(first, min(first + ACROSS, len(self.slots)))
            rows.append(tuple(part for place in places for part in self._cell(place)))
        lines = self.query_one("#places", TextLines)
        lines.show(rows)
        self.show_line(lines, self.place // ACROSS)
        self.query_one("#meaning", TextLines).show(
            [
                (Span(f"{self.place + 1}: {MEANING[self.slots[self.place]]}", "label"),),
                (Span("holds "), Span(self._until, "accent")),
            ]
        )

    @property
    def _until(self) -> str:
        return "for the next page only" if self.once else "for all pages, until it is changed here"

    def _cell(self, place: int) -> tuple[Span, Span]:
        kind = self.slots[place]
        style = "cursor" if place == self.place else "label" if kind == "auto" else "accent"
        return Span(f"{place + 1:>2} {kind}".ljust(CELL - 2), style), Span("  ")

    def on_click(self, event: events.Click) -> None:
        """Go to a place, or set the next kind for the one under the cursor."""
        at = self.within(self.query_one("#places"), event)
        if at is None or at.x >= ACROSS * CELL:  # a wide box has room beside the places
            return
        place = at.y * ACROSS + at.x // CELL
        if place == self.place:
            self.action_turn()
        elif place < len(self.slots):
            self.place = place
            self.draw()

    def action_move(self, by: int) -> None:
        if 0 <= self.place + by < len(self.slots):
            self.place += by
        self.draw()

    def action_set(self, kind: str) -> None:
        """Set what this place holds, and go on to the next."""
        self.slots[self.place] = kind
        self.action_move(1)

    def action_turn(self) -> None:
        """Set the next kind for this place."""
        self.slots[self.place] = SLOTS[(SLOTS.index(self.slots[self.place]) + 1) % len(SLOTS)]
        self.draw()

    def action_once(self) -> None:
        self.once = not self.once
        self.draw()

    def action_reset(self) -> None:
        """Leave all places to the search."""
        self.slots = ["auto"] * len(self.slots)
        self.draw()

    def action_back(self, breed: bool) -> None:
        """Save the recipe and go back."""
        slots = () if set(self.slots) == {"auto"} else tuple(self.slots)
        self.controller.replan(
            replace(self.controller.plan, slots=slots, once=self.once and bool(slots))
        )
        self.dismiss(breed)
