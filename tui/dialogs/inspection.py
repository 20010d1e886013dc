"""What is known about one picture, over the gallery: for terminals without room for a panel."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label

from tui import keys
from tui.controller.population_controller import PopulationController
from tui.widgets.inspector import Inspector
from tui.widgets.screen_stack import Layer


class Inspection(Layer[None], ModalScreen[None]):
    """The inspector as a box over the half of the screen where the cursor is not."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.CLOSE]

    def __init__(self, controller: PopulationController, *, left: bool) -> None:
        """Show the picture under the cursor on the left or the right of the screen."""
        super().__init__(classes="-left" if left else None)
        self._desk = controller

    def compose(self) -> ComposeResult:
        """Yield the inspector and how to leave it."""
        with Vertical():
            yield Inspector()
            yield Label("i or escape goes back", classes="hint")

    def on_resize(self) -> None:
        """Write the details for this width."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        self.query_one(Inspector).inspect(self._desk)

    def action_back(self) -> None:
        """Go back to the gallery."""
        self.dismiss()
