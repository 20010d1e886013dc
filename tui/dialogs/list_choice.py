"""A box with a list, of which one line is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic

from textual import on
from textual.app import ComposeResult
from textual.screen import ScreenResultType

from tui.dialogs.dialog import Dialog
from tui.widgets.chooser import Chooser

MOST = 12
"""Lines of the list that are seen at once."""


class ListChoice(Dialog[ScreenResultType | None], Generic[ScreenResultType]):
    """Dismissed with the value of the chosen line, None if none was chosen."""

    def choices(self) -> Sequence[tuple[str, ScreenResultType]]:
        """Return the lines with their values."""
        raise NotImplementedError

    def first(self) -> int:
        """Return the place of the line that is selected at first."""
        return 0

    def content(self) -> ComposeResult:
        chooser = Chooser(id="list")
        chooser.styles.height = max(1, min(MOST, len(self.choices())))
        chooser.selected = self.first()
        yield chooser

    def draw(self) -> None:
        chooser = self.query_one(Chooser)
        chooser.fill([line for line, _ in self.choices()], chooser.selected)

    @property
    def chosen(self) -> ScreenResultType | None:
        """The value of the selected line; None if there is none."""
        choices = self.choices()
        return choices[self.query_one(Chooser).selected][1] if choices else None

    def action_move(self, by: int) -> None:
        chooser = self.query_one(Chooser)
        chooser.select(chooser.selected + by)

    @on(Chooser.Chosen)
    def action_choose(self) -> None:
        self.dismiss(self.chosen)

    def action_back(self) -> None:
        self.dismiss(None)
