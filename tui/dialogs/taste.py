"""Showing what was learnt of the person's taste, and forgetting it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from evolve.errors import FancierError
from evolve.text import visible
from tui import keys
from tui.controller.population_controller import PopulationController
from tui.dialogs.dialog import Dialog
from tui.drawing.taste_words import taste_lines
from tui.widgets.background import in_background
from tui.widgets.chooser import BarMoved

if TYPE_CHECKING:
    from evolve.search.plan import By
    from populations.studio.taste import TasteReport


class TasteBox(BarMoved[None], Dialog[None]):
    """Shows what was learnt, once that is computed; keys scroll where it has no room."""

    TITLE_LINE = "What you like, as learnt from your judgements"
    HINT = "b breeds by this or by the rating of each\nx twice forgets it · escape goes back"
    READ_ONLY_HINT = "escape goes back"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.TASTE]

    def __init__(self, controller: PopulationController) -> None:
        super().__init__(controller)
        self._lines = ["looking at the pictures you judged…"]
        self._report: TasteReport | None = None
        self._sure = False

    def content(self) -> ComposeResult:
        yield Static("", id="taste", markup=False)

    def on_mount(self) -> None:
        """Begin to learn in the background."""
        in_background(self, self._ask, group="taste")

    async def _ask(self) -> None:
        try:
            self._report = await asyncio.to_thread(self.controller.source.taste)
            self._lines = taste_lines(self._report)
        except FancierError as error:
            self._lines = [str(error)]
        if self.is_there and not self._sure:
            self.draw()

    def draw(self) -> None:
        self.query_one("#taste", Static).update(visible("\n".join(self._lines)))

    def action_move(self, by: int) -> None:
        self.box.scroll_relative(y=by, animate=False)

    def action_parents(self) -> None:
        """Switch between choosing parents by taste and by their own ratings."""
        if self._report is None or self._sure or not self.controller.can_change():
            return
        by: By = "ratings" if self._report.chosen_by == "taste" else "taste"
        self.controller.replan(replace(self.controller.plan, by=by))
        self._report = replace(self._report, chosen_by=by)
        self._lines = taste_lines(self._report)
        self.draw()

    def action_forget(self) -> None:
        """Start learning again from now on, if the key is pressed twice."""
        if not self.controller.can_change():
            return
        if not self._sure:
            self._sure = True
            self._lines = [
                "x once more forgets all of it: your taste is learnt again from the next page on.",
                "Your ratings stay saved.",
            ]
            self.draw()
            return
        born = len(self.controller.source.archive.births())
        self.controller.replan(replace(self.controller.plan, taste_since=born))
        self.controller.notify("forgotten: your taste is learnt again from the next page on")
        self.dismiss(None)

    def action_back(self) -> None:
        self.dismiss(None)
