"""Small pictures of the parents of an individual."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.controller.cards import Card
from tui.drawing.blocks import Blocks, Pixels
from tui.widgets.messages import CardClicked
from tui.widgets.pictures.card_caption import caption
from tui.widgets.pictures.thumb import Thumb
from tui.widgets.pictures.wall import caption_row
from tui.widgets.text_lines import TextLines

PLACES = 2
"""Parents shown; the details name the others."""


class Parents(Horizontal):
    """The main parents side by side. An unused place stays empty, so that nothing moves."""

    def __init__(self, blocks: Blocks) -> None:
        super().__init__(id="parents")
        self._thumbs = [Thumb(blocks) for _ in range(PLACES)]
        self._captions = [TextLines() for _ in range(PLACES)]
        self._shown: Sequence[Card] = ()

    def compose(self) -> ComposeResult:
        for thumb, rows in zip(self._thumbs, self._captions, strict=True):
            with Vertical():
                yield thumb
                yield rows

    def show(self, parents: Sequence[Card], picture: Callable[[Card], Pixels | None]) -> None:
        self._shown = parents
        self.set_class(not parents, "-none")
        for place, (thumb, rows) in enumerate(zip(self._thumbs, self._captions, strict=True)):
            if place < len(parents):
                parent, width = parents[place], rows.size.width
                thumb.show(picture(parent))
                rows.show([caption_row(caption(parent, width=width), width)])
            else:
                thumb.show(None)
                rows.show([])

    def on_click(self, event: events.Click) -> None:
        for parent, column in zip(self._shown, self.children, strict=False):
            if column.region.contains_point(event.screen_offset):
                self.post_message(CardClicked(parent.id))
