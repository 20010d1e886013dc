"""The help page: the keys that work on the screen below, and what its status line says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise, zip_longest
from typing import Any, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from tui import keys
from tui.screens.actions.picture_actions import PictureActions
from tui.screens.base_screen import BaseScreen
from tui.widgets.keybar import shorten
from tui.widgets.layer import Layer

Section = list[tuple[str, str]]
"""Keys with what they do."""

WIDE = 150
"""Cells from which there are three columns instead of two."""
STATUS_LINE: Section = [
    ("judged 3/12", "pictures of this page that you rated, picked or rejected"),
    (
        "step 35°",
        "how far the children on this page are turned away from their parents: at 10° they hardly "
        "differ, at 90° they have nothing in common. It adapts to your ratings; s sets it",
    ),
    ("size bold", "how far they are from them in the picture, where s sets a size instead"),
    (
        "12 steps for all",
        "what all children to come are painted with, if not as in the beginning; s sets it",
    ),
    ("next 5/12", "pictures of the next page that are painted already"),
]
"""The parts of the line above the keys, on screens with pictures."""


def sections(screen: Layer[Any]) -> dict[str, Section]:
    """Return the keys that work on a screen by section, those that do the same on one line."""
    by_sense: dict[tuple[str, str], list[str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        section = (binding.id or "").partition(".")[0]
        if section in keys.SECTIONS and binding.id != "app.help" and screen.offers(binding.action):
            pressed = by_sense.setdefault((section, binding.tooltip or binding.description), [])
            key = screen.app.get_key_display(binding)
            if key not in pressed:
                pressed.append(key)
    sections: dict[str, Section] = {}
    for name in keys.SECTIONS:
        lines = [
            (shorten(" ".join(pressed)), sense)
            for (section, sense), pressed in by_sense.items()
            if section == name
        ]
        if lines:
            sections[name] = lines
    return sections


def columns(sections: Mapping[str, Section], count: int) -> list[list[str]]:
    """Return the names of sections in up to `count` columns, the longest as short as possible."""
    names = list(sections)
    places = combinations(range(1, len(names)), min(count, len(names)) - 1)
    ways = ([names[a:b] for a, b in pairwise((0, *cuts, len(names)))] for cuts in places)

    def height(column: Sequence[str]) -> int:
        return sum(len(sections[name]) + 2 for name in column)

    return min(ways, key=lambda way: max(map(height, way)))


class HelpPage(VerticalScroll):
    """Scrolls by letters, too."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.HELP_PAGE]


class Help(BaseScreen[None]):
    """All keys on one page."""

    BINDINGS: ClassVar[list[BindingType]] = [keys.actions.CLOSE]

    def __init__(self, below: Layer[Any]) -> None:
        super().__init__()
        self._sections = sections(below)
        self._explained = STATUS_LINE if isinstance(below, PictureActions) else []

    def content(self) -> ComposeResult:
        below = Table.grid(padding=(0, 1))
        if self._explained:
            below.add_row()
            below.add_row("", Text("the line above the keys", "bold"))
        for words, sense in self._explained:
            below.add_row(Text(words, "bold", justify="right"), sense)
        with HelpPage():
            with Horizontal():
                for _ in range(3):
                    yield Static()
            yield Static(below)
        yield Static("↑ ↓ scroll: there is more", classes="hint", markup=False)

    def _fill(self) -> None:
        """Show the sections in two columns, or in three if there is room."""
        places = self.query("Horizontal Static").results(Static)
        count = 2 + (self.app.size.width >= WIDE)
        for place, names in zip_longest(places, columns(self._sections, count)):
            place.display = names is not None
            place.update(self._table(names or []))

    def _table(self, names: Sequence[str]) -> Table:
        table = Table.grid(padding=(0, 1))
        for name in names:
            if table.row_count:
                table.add_row()
            table.add_row("", Text(keys.SECTIONS[name], "bold"))
            for key, sense in self._sections[name]:
                table.add_row(Text(key, "bold", justify="right"), sense)
        return table

    def on_resize(self) -> None:
        """Lay the keys out, and show whether there is more than there is room for."""
        self._fill()
        self.call_after_refresh(self._show_hint)

    def _show_hint(self) -> None:
        for page in self.query(VerticalScroll):  # none if it was closed meanwhile
            hint = self.query_one(".hint", Static)
            room = page.size.height + hint.size.height * hint.display
            hint.display = page.virtual_size.height > room

    def action_back(self) -> None:
        self.dismiss()
