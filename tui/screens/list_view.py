"""How populations are listed: a table, more about the selected one, and a line for messages."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import Static

from evolve.errors import FancierError
from populations.core.captions import counted
from tui.drawing.blocks import Blocks, Pixels
from tui.drawing.cells import parted
from tui.drawing.population_table import (
    ListedPopulation,
    about,
    columns,
    heading,
    line,
)
from tui.drawing.shrinking import shrink
from tui.screens.base_screen import BaseScreen
from tui.widgets.background import in_background
from tui.widgets.chooser import Chooser
from tui.widgets.keybar import KeyBar
from tui.widgets.notices import Notices
from tui.widgets.pictures.thumb import Thumb
from tui.widgets.text_lines import Span, TextLines, spread

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_shelf import SavedShelf

EVERY = 2.0
"""Seconds from one look for changes of other programs to the next."""
WELCOME = """\
[b]fancier breeds pictures by eye.[/b]
You know a good one when you see it; nobody has to put it into words.

 [b $text-accent]1[/]  Say what to paint: twelve pictures appear, one by one.

 [b $text-accent]2[/]  Say what you like: [b]1[/] to [b]5[/] rates the picture under the cursor,
    [b]x[/] rejects it, [b]space[/] marks it as a parent.

 [b $text-accent]3[/]  Press [b]b[/]: the best have children, and these are the next twelve.
    Again and again, until it is what you wanted.

 [b $text-accent]4[/]  Is one thing missing? [b]+[/] adds it, and all else stays.

Everything is saved as you go, and nothing is ever overwritten.
Press [b]q[/] whenever you like, and [b]?[/] to see all keys.

Press [b $text-accent]enter[/] to begin."""


class ListView(BaseScreen[None]):
    """Shows the populations, one of them selected."""

    def __init__(self, shelf: SavedShelf, blocks: Blocks = Blocks.QUADRANT) -> None:
        super().__init__()
        self._shelf = shelf
        self._blocks = blocks
        self._populations: list[ListedPopulation] = []
        self._state: object = None
        """That of the shelf when the list was read."""
        self._pictures: dict[str, Pixels | None] = {}
        """The pictures of populations, as far as they were read."""
        self._unread: set[str] = set()
        """Populations whose pictures may be others by now."""
        self.notices: Notices = Notices()

    def content(self) -> ComposeResult:
        yield TextLines(id="title")
        yield TextLines(id="heading")
        yield Chooser(id="populations")
        with Horizontal(id="preview"):
            yield Thumb(self._blocks, id="newest")
            yield TextLines(id="facts")
        with Container(id="welcome"):
            yield Static(WELCOME)
        yield TextLines(id="message")

    async def on_mount(self) -> None:
        """Read the list, with the bar on what was used last."""
        await self._reload()
        used = max(self._populations, key=lambda p: str(p.get("last_used") or ""), default=None)
        if used is not None:
            self._fill(str(used["name"]))
        self.set_interval(EVERY, lambda: in_background(self, self._look))

    async def _look(self) -> None:
        """Read the list again if another program has changed it, unless something lies over it."""
        with suppress(FancierError):  # the folder cannot be read
            if self.is_current and await asyncio.to_thread(self._shelf.state) != self._state:
                await self._reload()

    def on_resize(self) -> None:
        self.call_after_refresh(self._fill)

    async def _reload(self, select: str | None = None) -> bool:
        try:
            self._state = state = await asyncio.to_thread(self._shelf.state)
            populations: list[ListedPopulation] = [
                *await asyncio.to_thread(self._shelf.populations)
            ]
        except FancierError as error:
            self._say(str(error))
            return True
        select, self._populations = select or self._selected, populations
        self._state = state  # a later reading may have ended before this one
        self._unread = {str(population["name"]) for population in populations}
        self._fill(select)
        return True

    def _fill(self, select: str | None = None) -> None:
        chooser = self.query_one(Chooser)
        empty = not self._populations
        self.query_one("#welcome").display = empty
        for each in (chooser, self.query_one("#heading"), self.query_one("#preview")):
            each.set_class(empty, "-empty")
        width = self.size.width - 4
        widths = columns(self._populations, width)
        self.query_one("#heading", TextLines).show([(Span(heading(widths), "label"),)])
        names = [str(population["name"]) for population in self._populations]
        selected = select if select in names else self._selected  # one that is gone: the next
        chooser.fill(
            [line(population, widths) for population in self._populations],
            0 if selected is None else names.index(selected),
        )
        self.refresh_bindings()

    @on(Chooser.Pointed)
    def _show_selected(self) -> None:
        """Show all that depends on the bar, unless the app is closing."""
        if self.is_there:
            self._show_title()
            self._show_preview()

    def _show_title(self) -> None:
        """Show how many there are, and which of them are seen."""
        seen, count = self.query_one(Chooser).seen, len(self._populations)
        what = counted(count, "population") if count else "no population yet"
        if len(seen) < count:
            what = f"{seen.start + 1}-{seen.stop} of {what}"
        title = spread((Span("fancier", "strong"),), (Span(what, "label"),), self.size.width - 4)
        self.query_one("#title", TextLines).show([title])

    @property
    def _selected(self) -> str | None:
        if not self._populations:
            return None
        place = min(self.query_one(Chooser).selected, len(self._populations) - 1)
        return str(self._populations[place]["name"])

    def _say(self, text: str, style: str = "error") -> None:
        self.notices.say(text, answers=self.typed.acting)
        line = self.query_one("#message", TextLines)
        first, rest = parted(text, line.size.width) if line.size.width else (text, "")
        line.show([(Span(first, style),)])
        self.query_one(KeyBar).lend(rest)

    def outdate(self, count: int) -> None:
        if self.notices.outdate(count):
            self.query_one("#message", TextLines).show([])
            self.query_one(KeyBar).lend("")

    def _show_preview(self) -> None:
        """Show more about the selected population."""
        if not self._populations or not self.query_one("#preview").size.area:
            return
        chosen = self._populations[self.query_one(Chooser).selected]
        name, facts = str(chosen["name"]), self.query_one("#facts", TextLines)
        facts.show([(Span(text, "label"),) for text in about(chosen, facts.size.width)])
        self.query_one("#newest", Thumb).show(self._pictures.get(name))
        if name in self._unread:
            self._unread.discard(name)
            in_background(self, partial(self._read_picture, name))

    async def _read_picture(self, name: str) -> None:
        with suppress(FancierError):  # a damaged one is reported when it is opened
            picture = await asyncio.to_thread(self._shelf.thumbnail, name)
            self._pictures[name] = None if picture is None else shrink(picture)
            self._show_selected()
