"""A box over the screen below, for what is set by keys."""

from __future__ import annotations

from typing import Any, Generic

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Offset, Region
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widget import Widget
from textual.widgets import Label, Static

from tui.controller.population_controller import PopulationController
from tui.widgets.layer import Layer


def say_in(dialog: Screen[Any], text: str, *, grave: bool = True) -> None:
    """Show an error, or a remark that is not `grave`, in the line `#error` of a dialog."""
    for line in dialog.query("#error").results(Static):  # none once the dialog is gone
        line.set_class(not grave, "-remark")
        line.update(text)
        if text and grave:  # the dialog may be higher than the terminal
            dialog.call_after_refresh(line.scroll_visible, animate=False, immediate=True)


class Dialog(Layer[ScreenResultType], ModalScreen[ScreenResultType], Generic[ScreenResultType]):
    """A title, what subclasses yield, and a line that names the keys."""

    TITLE_LINE = ""
    HINT = ""
    READ_ONLY_HINT = ""
    """The keys where nothing can be changed; empty for the same."""

    def __init__(self, controller: PopulationController) -> None:
        super().__init__(classes="sheet")
        self.controller = controller

    def content(self) -> ComposeResult:
        """Yield what is between title and hint."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Label(self.TITLE_LINE, classes="title")
            yield from self.content()
            hint = self.READ_ONLY_HINT if self.controller.read_only else ""
            yield Label(hint or self.HINT, classes="hint")

    def on_mount(self) -> None:
        """Fill the box before the first key."""
        self.draw()

    def on_resize(self) -> None:
        """Fill the box again once it has a size."""
        self.call_after_refresh(self.draw)

    def draw(self) -> None:
        """Show the present choice."""

    @property
    def box(self) -> Vertical:
        """All of it, which scrolls where it is higher than the screen."""
        return self.query_one(Vertical)

    def show_line(self, widget: Widget, line: int) -> None:
        """Scroll to a line of a widget, if the box is higher than the screen.

        For the first line, scroll to the title.
        """
        at = 0 if line == 0 else widget.virtual_region.y + line
        self.box.scroll_to_region(Region(0, at, 1, 1), animate=False, force=True)

    @staticmethod
    def within(widget: Widget, event: events.Click) -> Offset | None:
        """Return where in a widget the mouse was clicked; None if it was elsewhere."""
        at = event.screen_offset
        return at - widget.region.offset if widget.region.contains_point(at) else None
