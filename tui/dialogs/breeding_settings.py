"""How children are made from now on: page, step, strengths, locks."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType

from evolve.errors import FancierError, GenomeError
from evolve.genome.settings import OPTIONAL
from evolve.search.plan import Plan
from tui import keys
from tui.controller.planning.choices import choices
from tui.controller.population_controller import PopulationController
from tui.dialogs.dialog import Dialog
from tui.widgets.chooser import BarMoved
from tui.widgets.text_lines import Span, TextLine, TextLines

LABEL = 30
VALUE = 24
"""Cells of a line: what is set, and to what."""


class BreedingSettings(BarMoved[None], Dialog[None]):
    """A list of choices; the one under the bar is changed by left and right."""

    TITLE_LINE = "How the next pages are bred"
    HINT = "← → change · r as it was founded · escape goes back"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.SETTINGS]
    WHEEL = ""  # where there is no room for all lines, the wheel scrolls

    def __init__(self, controller: PopulationController) -> None:
        super().__init__(controller)
        self.plan = controller.plan
        """The plan when the sheet is left."""
        self._problem = ""
        self.choices = choices(
            controller.source.page, controller.source.times, optional=self._optional()
        )
        self.selected = 0

    def _optional(self) -> list[str]:
        """Return the optional genes that the selected genome has."""
        card = self.controller.pages.current
        try:
            settings = card and self.controller.genome(card.id).settings
        except FancierError as error:
            self._problem = str(error)
            settings = None
        return [gene for gene in OPTIONAL if settings and getattr(settings, gene) is not None]

    def content(self) -> ComposeResult:
        lines = TextLines(id="choices")
        lines.styles.height = len(self._rows(LABEL + VALUE))
        yield lines
        yield TextLines(id="model")

    def draw(self) -> None:
        lines = self.query_one("#choices", TextLines)
        rows = self._rows(lines.size.width or LABEL + VALUE)  # none before the first layout
        lines.show([row for _, row in rows])
        chosen = next(y for y, (place, _) in enumerate(rows) if place == self.selected)
        self.show_line(lines, chosen + 3 * (self.selected == len(self.choices) - 1))
        info = self.controller.model
        model = "the model is still being loaded"
        if info is not None:
            model = f"model {info.name}, {info.pixels[1]}×{info.pixels[0]} pixels"
        line = Span(self._problem, "error") if self._problem else Span(model, "label")
        self.query_one("#model", TextLines).show([(line,)])

    def _rows(self, width: int) -> list[tuple[int | None, TextLine]]:
        """Return all lines, each with the place of its choice; headings have none."""
        rows: list[tuple[int | None, TextLine]] = []
        label = min(LABEL, max(0, width - VALUE))
        places = range(len(self.choices))
        for section, group in groupby(places, key=lambda place: self.choices[place].section):
            if section:
                rows.append((None, (Span(section, "strong"),)))
            for place in group:
                style = "cursor" if place == self.selected else "text"
                name = f" {self.choices[place].label}".ljust(label)
                value = f" {self.choices[place].shown(self.plan)} ".ljust(width - label)
                rows.append((place, (Span(name, style), Span(value, style))))
        return rows

    def on_click(self, event: events.Click) -> None:
        """Put the bar on a line, or change the value under it."""
        lines = self.query_one("#choices", TextLines)
        if (at := self.within(lines, event)) is None:
            return
        place = self._rows(lines.size.width)[at.y][0]
        if place == self.selected:
            self.action_turn(1)
        elif place is not None:
            self.selected = place
            self.draw()

    def action_move(self, by: int) -> None:
        self.selected = max(0, min(self.selected + by, len(self.choices) - 1))
        self.draw()

    def action_turn(self, by: int) -> None:
        self._problem = ""
        try:
            self.plan = self.choices[self.selected].turn(self.plan, by)
        except GenomeError as error:
            self._problem = str(error)
        self.draw()

    def action_reset(self) -> None:
        """Reset everything to how the population was founded; prompt and recipe stay."""
        blank, names = Plan(), "page among step size strengths locked settings"
        self.plan = replace(self.plan, **{each: getattr(blank, each) for each in names.split()})
        self.draw()

    def action_back(self) -> None:
        """Save the settings and go back."""
        self.controller.replan(self.plan)
        self.dismiss(None)
