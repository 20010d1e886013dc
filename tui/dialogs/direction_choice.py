"""The directions remembered by name."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType

from tui import keys
from tui.dialogs.list_choice import ListChoice


class DirectionChoice(ListChoice[str]):
    """Chooses a direction to turn the picture under the cursor in; dismissed with its name."""

    TITLE_LINE = "Turn this picture in a direction"
    HINT = "enter steps both ways · x forgets it · escape goes back"
    BINDINGS: ClassVar[list[BindingType]] = [*keys.dialogs.DIRECTIONS]

    def choices(self) -> list[tuple[str, str]]:
        known = self.controller.plan.directions
        return [(f" {name:<24} #{a} → #{b}", name) for name, (a, b) in known.items()]

    def action_forget(self) -> None:
        """Forget the direction; what was made with it stays."""
        kept = {n: pair for n, pair in self.controller.plan.directions.items() if n != self.chosen}
        self.controller.replan(replace(self.controller.plan, directions=kept))
        self.draw()
