"""The directions remembered by name."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from tui import keys
from tui.controller.population_controller import PopulationController
from tui.dialogs.dialog import Dialog
from tui.widgets.chooser import Chooser

MOST = 12
"""Lines of the list that are seen at once."""


class DirectionChoice(Dialog[str | None]):
    """Chooses a direction to turn the picture under the cursor in; dismissed with its name."""

    TITLE_LINE = "Turn this picture in a direction"
    HINT = "enter steps both ways · x forgets it · escape goes back"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.DIRECTIONS]

    def __init__(self, controller: PopulationController) -> None:
        super().__init__(controller)

    def content(self) -> ComposeResult:
        """Yield the list."""
        chooser = Chooser(id="names")
        chooser.styles.height = max(1, min(MOST, len(self.controller.plan.directions)))
        yield chooser

    def draw(self) -> None:
        """Show the names."""
        known = self.controller.plan.directions
        chooser = self.query_one(Chooser)
        chooser.fill(
            [f" {name:<24} #{a} → #{b}" for name, (a, b) in known.items()], chooser.selected
        )

    @property
    def _chosen(self) -> str | None:
        names = list(self.controller.plan.directions)
        return names[self.query_one(Chooser).selected] if names else None

    def action_move(self, by: int) -> None:
        """Move in the list."""
        chooser = self.query_one(Chooser)
        chooser.select(chooser.selected + by)

    @on(Chooser.Chosen)
    def action_choose(self) -> None:
        """Turn the picture in this direction."""
        self.dismiss(self._chosen)

    def action_forget(self) -> None:
        """Forget the direction; what was made with it stays."""
        kept = {n: pair for n, pair in self.controller.plan.directions.items() if n != self._chosen}
        self.controller.replan(replace(self.controller.plan, directions=kept))
        self.draw()

    def action_back(self) -> None:
        """Go back without a direction."""
        self.dismiss(None)
