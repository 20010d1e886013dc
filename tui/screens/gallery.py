"""The gallery: one generation on the screen, judged by key."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from evolve import events
from evolve.errors import FancierError
from tui import keys
from tui.blocks import Blocks, Pixels
from tui.captions import caption
from tui.cards import Card, State
from tui.desk import Desk
from tui.feed import Feed
from tui.graphics import Graphics
from tui.grid import MOST, best_grid, per_screen
from tui.messages import CardClicked, Happened, PicturesRead, Progress
from tui.pictures import shrink
from tui.region import Region
from tui.screens.judging import Judging
from tui.seam import MAIN, Source, vocabulary
from tui.widgets.inspector import Inspector
from tui.widgets.parents import Parents
from tui.widgets.status import NOTICE_SECONDS, Status
from tui.widgets.wall import Face, Wall

INSPECTOR_FROM = 110
"""Columns from which the inspector is a panel of the gallery."""
TICK = 0.25
"""Seconds between two looks at what is being painted."""
REST = 0.3
"""Seconds after which the cursor is said to rest."""
PREVIEW = 0.08
"""Seconds between two previews: a key waits for one at most, not for a page of them."""


class Gallery(Judging):
    """Shows a population, a generation at a time. Dismissed when the person leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.GALLERY]

    def __init__(
        self,
        source: Source,
        *,
        name: str,
        blocks: Blocks = Blocks.QUADRANT,
        graphics: Graphics | None = None,
        has_home: bool = False,
    ) -> None:
        super().__init__(Desk(source, notify=self.say), id="gallery")
        self.population = name
        self.blocks = blocks
        self.graphics = graphics
        """How the zoom shows real pixels; None if the terminal has none."""
        self._has_home = has_home
        self.feed = Feed(source)
        self._source = source
        self.vocabulary = vocabulary(source)
        """Words that the model knows, by topic."""
        self.notice = ""
        """Something to say for some seconds."""
        self._notice_timer: Timer | None = None
        self._progress_timer: Timer | None = None
        self._preview_timer: Timer | None = None
        self._parents_timer: Timer | None = None
        self._layouts = self._layouts_done = 0
        self._looked = 0.0
        self._previews: dict[int, Pixels] = {}  # those not shown yet, oldest first
        self._reading: set[int] = set()
        self.aspect = 1.0
        """Width / height of the pictures."""
        self.touched = Region()
        """The box that was painted over last."""

    @property
    def gallery(self) -> Gallery:
        """This screen."""
        return self

    @property
    def heading(self) -> str:
        """The population, and the branch if it is not the main one."""
        branch = self.desk.branch
        return self.population if branch == MAIN else f"{self.population} · {branch}"

    def content(self) -> ComposeResult:
        """Yield the wall, the inspector beside it and the status line."""
        with Horizontal(id="table"):
            yield Wall(self.blocks, places=min(MOST, len(self.desk.board.shown)))
            with Vertical(id="side"):
                yield Inspector()
                yield Parents(self.blocks)
        yield Status()

    def on_mount(self) -> None:
        """Start the session once the empty gallery is on the screen."""
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.changed()
        try:
            self.feed.start(self.post_message)
        except FancierError as error:
            self.desk.receive(events.Stopped(str(error)))
            self.changed()

    async def on_unmount(self) -> None:
        """Stop the session, however the screen is left."""
        await asyncio.to_thread(self.feed.close)

    # Showing

    def changed(self) -> None:
        """Draw every screen that shows the desk, this one and those above it."""
        with self.app.batch_update():
            for screen in self.app.screen_stack:
                if isinstance(screen, Judging) and screen.is_there:
                    screen.draw()

    def draw(self) -> None:
        """Bring the gallery up to what is on the desk."""
        ids = self._on_screen()
        if ids and self.query_one(Wall).size.area:
            self._show_wall(ids)
        if self.query_one("#side").display:
            self.query_one(Inspector).inspect(self.desk)
            self._show_parents_soon()
        self._show_status()
        if self._layouts_done == self._layouts:
            self.read_missing(ids)

    def _settle(self) -> None:
        """Hold pictures back until the layout is done: each layout paints all of them anew."""
        self._layouts += 1
        self.when_settled(partial(self._settled, self._layouts))

    def _settled(self, layouts: int) -> None:
        if layouts == self._layouts:  # else another layout has begun meanwhile
            self._layouts_done = layouts
            self.changed()

    def _show_parents_soon(self) -> None:
        """Show the parents once the cursor rests: moving it must cost next to nothing."""
        if self._parents_timer is not None:
            self._parents_timer.stop()
        self._parents_timer = self.set_timer(REST, self._show_parents)

    def _show_parents(self) -> None:
        parents = self.desk.board.parents
        self.query_one(Parents).show(parents, self.picture)
        self.read_missing([parent.id for parent in parents])

    def _show_wall(self, ids: Sequence[int]) -> None:
        wall = self.query_one(Wall)
        count = min(len(self.desk.board.shown), self._capacity())
        grid = best_grid(count, *wall.size, self.aspect)
        faces = [self._face(self.desk.board.cards[id], grid.width) for id in ids]
        if wall.show(faces, grid):
            self._settle()

    def _face(self, card: Card, width: int) -> Face:
        label = caption(card, width=width, cursor=card.id == self.desk.board.cursor)
        return Face(card.id, label, self.picture(card), self.words(card))

    def _show_status(self) -> None:
        shown, ids = self.desk.board.shown, self._on_screen()
        place = ""
        if 0 < len(ids) < len(shown):
            first = shown.index(ids[0])
            place = f"{first + 1}-{first + len(ids)} of {len(shown)}"
        self.query_one(Status).tell(self.desk, name=self.heading, place=place, notice=self.notice)

    def _capacity(self) -> int:
        size = self.query_one(Wall).size
        return per_screen(max(1, len(self.desk.board.shown)), *size, self.aspect)

    def _on_screen(self) -> Sequence[int]:
        capacity = self._capacity()
        first = self.desk.board.index // capacity * capacity
        return self.desk.board.shown[first : first + capacity]

    def say(self, text: str) -> None:
        """Show a notice for some seconds."""
        self.notice = text
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self._notice_timer = self.set_timer(NOTICE_SECONDS, self._unsay)
        self.changed()

    def _unsay(self) -> None:
        self.notice = ""
        self.changed()

    # Pictures

    def read_missing(self, ids: Sequence[int]) -> None:
        """Read pictures that are painted but not at hand, without making keys wait."""
        cards = self.desk.board.cards
        wanted = [
            id
            for id in ids
            if cards[id].state is State.PAINTED
            and id not in self._reading
            and self.desk.pictures.get(id) is None
        ]
        if wanted:
            self._reading.update(wanted)
            self.run_worker(self._read(wanted), group="pictures")

    async def _read(self, ids: Sequence[int]) -> None:
        try:
            pictures = await asyncio.to_thread(self._read_all, ids)
        except FancierError as error:
            self.say(str(error))
            return
        finally:
            self._reading.difference_update(ids)
        self.post_message(PicturesRead(pictures))

    def _read_all(self, ids: Sequence[int]) -> dict[int, Pixels | None]:
        found: dict[int, Pixels | None] = {}
        for id in ids:
            picture = self._source.archive.picture(id)
            found[id] = None if picture is None else shrink(picture)
        return found

    @on(PicturesRead)
    def _show_read(self, message: PicturesRead) -> None:
        for id, picture in message.pictures.items():
            if picture is not None:
                self._keep(id, picture)
            elif self.desk.board.cards[id].state is State.PAINTED:
                self.desk.board.cards[id].state = State.DROPPED
        self.changed()

    def _keep(self, id: int, picture: Pixels) -> None:
        self.aspect = picture.shape[1] / picture.shape[0]
        self.desk.pictures.put(id, picture)

    # What the session tells

    @on(Happened)
    def _take_event(self, message: Happened) -> None:
        event = message.event
        if isinstance(event, events.ModelReady):
            self.aspect = event.info.pixels[1] / event.info.pixels[0]
        if isinstance(event, events.Painted | events.PaintingFailed):
            self._previews.pop(event.id, None)
        self.desk.receive(event)
        self.changed()

    @on(Progress)
    def _plan_look(self) -> None:
        if self._progress_timer is None:
            wait = max(0.02, self._looked + TICK - time.monotonic())
            self._progress_timer = self.set_timer(wait, self._look)

    def _look(self) -> None:
        """Show how far everything is; the previews follow one by one."""
        self._progress_timer = None
        self._looked = time.monotonic()
        for event in self.feed.take():
            self.desk.receive(event)
            if isinstance(event, events.Painting) and event.preview is not None:
                self._previews[event.id] = event.preview
        if self._preview_timer is None:
            self._show_preview()
        self.changed()

    def _show_preview(self) -> None:
        """Show the oldest preview of those on the screen, and the next one later."""
        self._preview_timer = None
        cards = self.desk.board.cards
        for id in [i for i in self._previews if cards[i].state is not State.PAINTING]:
            del self._previews[id]
        visible = self._on_screen()
        waiting = [id for id in self._previews if id in visible]
        if waiting:
            self.desk.previews[waiting[0]] = self._previews.pop(waiting[0])
            self.changed()
            self._preview_timer = self.set_timer(PREVIEW, self._show_preview)

    # Keys

    @on(Wall.Resized)
    def _arrange(self) -> None:
        self.changed()

    @on(CardClicked)
    def _point(self, message: CardClicked) -> None:
        if message.individual == self.desk.board.cursor:
            self.action_zoom()
        else:
            self.desk.board.go(message.individual)
            self.changed()

    def action_row(self, by: int) -> None:
        """Move a row up or down."""
        self.desk.board.move(by * self.query_one(Wall).grid.columns)
        self.changed()

    def action_screenful(self, by: int) -> None:
        """Turn to another screen of the same generation."""
        capacity, board = self._capacity(), self.desk.board
        first = (board.index // capacity + by) * capacity
        if 0 <= first < len(board.shown):
            board.cursor = board.shown[first]
            self.changed()

    def come_back(self) -> None:
        """Close every screen above."""
        while self.app.screen is not self:
            self.app.pop_screen()

    def come_to_children(self) -> None:
        """Show what happens to children that were asked for: here is where they appear."""
        if self.desk.breeding:
            self.come_back()
        self.changed()

    def action_zoom(self) -> None:
        """Show the picture under the cursor large."""
        from tui.screens.zoom import Zoom

        if self.desk.board.cursor is not None:
            self.app.push_screen(Zoom(self))

    def action_inspect(self) -> None:
        """Show or hide what is known about the picture under the cursor."""
        from tui.screens.inspection import Inspection

        if self.app.size.width < INSPECTOR_FROM:
            grid = self.query_one(Wall).grid
            place = self.desk.board.index % self._capacity() % grid.columns
            self.app.push_screen(Inspection(self.desk, left=2 * place >= grid.columns))
        else:
            side = self.query_one("#side")
            side.display = not side.display
            self.changed()

    def action_branches(self) -> None:
        """Choose another branch to go on in."""
        from tui.screens.branches import Branches

        try:
            if branches := self.desk.branches():
                self.app.push_screen(Branches(self.desk, branches), self._go_on_in)
        except FancierError as error:
            self.say(str(error))

    def _go_on_in(self, branch: str | None) -> None:
        if branch is not None and branch != self.desk.branch:
            try:
                self.desk.switch(branch)
            except FancierError as error:
                self.say(str(error))
            else:
                self._previews.clear()

    def action_cancel(self) -> None:
        """Stop painting; if nothing is being painted, leave for the list of populations."""
        if self.desk.stop_painting():
            self._previews.clear()
            self.changed()
        elif self._has_home:
            self.dismiss()

    def action_leave(self) -> None:
        """Leave; there is nothing to lose."""
        self.dismiss()
