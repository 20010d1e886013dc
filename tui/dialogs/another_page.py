"""Another page of the same prompt: how many pictures."""

from __future__ import annotations

from textwrap import shorten
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Label

from tui import keys
from tui.controller.planning.wording import in_force
from tui.controller.population_controller import PopulationController
from tui.dialogs.list_choice import ListChoice
from tui.widgets.chooser import Chooser

SIZES = (12, 24, 48)
"""Pictures at once, beside the size of a page."""
WORDS = 110
"""Characters of the prompt that are shown."""


class AnotherPage(ListChoice[int]):
    """Chooses how many newcomers; dismissed with their number, None for none."""

    TITLE_LINE = "Another page of this prompt"
    HINT = "enter paints newcomers · N more · escape goes back"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.ANOTHER]

    def __init__(self, controller: PopulationController) -> None:
        super().__init__(controller)
        self.sizes = sorted({controller.page, *SIZES})

    def content(self) -> ComposeResult:
        if words := in_force(self.controller):
            yield Label(shorten(words, WORDS, placeholder=" …"), id="prompt", markup=False)
        yield from super().content()

    def choices(self) -> list[tuple[str, int]]:
        return [(f" {size:>3} pictures", size) for size in self.sizes]

    def first(self) -> int:
        return self.sizes.index(self.controller.page)

    def action_move(self, by: int) -> None:
        chooser = self.query_one(Chooser)
        chooser.select((chooser.selected + by) % len(self.sizes))
