"""The gallery: one generation on the screen, judged by key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from evolve.errors import FancierError
from evolve.genome.edit import Box
from populations.core.captions import counted
from populations.home.names import MAIN
from tui import keys
from tui.controller.cards import Card
from tui.controller.finding.favourites import ORDERS
from tui.controller.finding.search_terms import Finder
from tui.controller.places.edited_pages import EditedPages
from tui.controller.places.how_far import Far
from tui.controller.places.place import Place
from tui.controller.places.region import Cropped, Region
from tui.controller.ports import Source, reach, taste_of, vocabulary
from tui.drawing.blocks import Blocks
from tui.drawing.grid import MOST, best_grid, per_screen
from tui.screens.gallery_port import Destination
from tui.screens.session_screen import SessionScreen
from tui.widgets.inspector import Inspector
from tui.widgets.messages import CardClicked
from tui.widgets.pictures.card_caption import caption
from tui.widgets.pictures.parent_thumbnails import Parents
from tui.widgets.pictures.wall import Face, Wall
from tui.widgets.status import Status

REST = 0.3
"""Seconds after which the cursor is said to rest."""
CURTAIN = 0.5
"""Seconds for which an empty gallery is held back at most."""


class Gallery(SessionScreen):
    """Shows a population, a generation at a time. Dismissed when the person leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.GALLERY]
    WHEEL = "screenful"

    def __init__(
        self,
        source: Source,
        *,
        name: str,
        blocks: Blocks = Blocks.QUADRANT,
        leads_to: str = "",
    ) -> None:
        super().__init__(source)
        self.population = name
        self.blocks = blocks
        self.vocabulary = vocabulary(source)
        """Words that the model knows, by topic."""
        self.reach = reach(source)
        """What the model reads of a text; None if that is not known."""
        self._parents_timer: Timer | None = None
        self._parents_of: tuple[int | None, Sequence[int]] = None, ()
        """For which picture of which page parents are shown, or will be."""
        self._layouts = self._layouts_done = 0
        self._opened = False
        self.finder: Finder | None = None
        """What was searched for last."""
        self.favourites_by = ORDERS[0], False
        """How favourites are sorted, and whether those of all branches are shown."""
        self._warned: set[str] = set()
        """What leaving now would lose and was warned of, as long as it would."""
        self._leads_to = leads_to
        """What leaving it leads to; empty if that ends the app."""
        self.repainted: tuple[int, Place, Far] | None = None
        """Which picture was repainted last, its place, and how much changed there."""
        self.looked_at = Region()
        """The box that was enlarged last."""
        self.part: Cropped | None = None
        """The part of each picture that is shown; None for all of it."""
        self._edits = EditedPages(self.controller)

    @property
    def gallery(self) -> Gallery:
        """This screen."""
        return self

    def names(self, binding: Binding) -> str:
        """Return what a key is called: the one that leaves, for where it leads to."""
        leads_to = self._leads_to if binding.action == "leave" else ""
        return leads_to or binding.description

    @property
    def heading(self) -> str:
        """The population, and the branch if it is not the main one."""
        branch = self.controller.branch
        return self.population if branch == MAIN else f"{self.population} · {branch}"

    def content(self) -> ComposeResult:
        """Yield the wall, the inspector beside it and the status line."""
        with Horizontal(id="table"):
            yield Wall(self.blocks, places=min(MOST, len(self.controller.pages.shown)))
            with Vertical(id="side"):
                yield Inspector()
                yield Parents(self.blocks)
        yield Status()

    # Showing

    def on_mount(self) -> None:
        """Read the first pictures while everything is laid out."""
        self.read_missing(self.controller.pages.shown[:MOST])
        self.set_timer(CURTAIN, self._open)

    def _open(self) -> None:
        if not self._opened:
            self._opened = True
            self.refresh()

    def _compositor_refresh(self) -> None:
        """Paint, but nothing before the first pictures are there.

        Else Textual paints the empty gallery four times before, which takes longer than they do.
        """
        if self._opened:
            super()._compositor_refresh()

    def draw(self) -> None:
        """Bring the gallery up to date."""
        self._warned &= self._losses().keys()
        ids = self.on_screen
        if ids and self.query_one(Wall).size.area:
            self._show_wall(ids)
        if self.query_one("#side").display:
            self.query_one(Inspector).inspect(self.controller)
            self._show_parents_soon()
        self._show_status()
        if self._layouts_done == self._layouts:
            self.read_missing(ids)
            if not self.reads:
                self._open()

    def _settle(self) -> None:
        """Hold pictures back until the layout is done: each layout paints all of them again."""
        self._layouts += 1
        self.when_settled(partial(self._settled, self._layouts))

    def _settled(self, layouts: int) -> None:
        if layouts == self._layouts:  # else another layout has begun meanwhile
            self._layouts_done = layouts
            self.changed()

    def _show_parents_soon(self) -> None:
        """Show the parents once the cursor rests: moving it must cost next to nothing.

        Those of another page go at once.
        """
        pages = self.controller.pages
        if pages.shown != self._parents_of[1]:
            self.query_one(Parents).show([], self.picture)
        elif pages.cursor == self._parents_of[0]:
            if self._parents_timer is None:  # painting goes on: nobody may wait for its end
                self._show_parents()
            return
        self._parents_of = pages.cursor, pages.shown
        if self._parents_timer is not None:
            self._parents_timer.stop()
        self._parents_timer = self.set_timer(REST, self._show_parents)

    def _show_parents(self) -> None:
        self._parents_timer = None
        parents = self.controller.pages.parents
        self.query_one(Parents).show(parents, self.picture)
        self.read_missing([parent.id for parent in parents])

    def _show_wall(self, ids: Sequence[int]) -> None:
        wall = self.query_one(Wall)
        count = min(self.controller.places, self._capacity())
        grid = best_grid(count, *wall.size, self.aspect)
        faces = [self._face(self.controller.pages.cards[id], grid.width) for id in ids]
        if wall.show(faces, grid):
            self._settle()

    def _face(self, card: Card, width: int) -> Face:
        label = caption(card, width=width, cursor=card.id == self.controller.pages.cursor)
        pixels = self.picture(card)
        if (part := self._part) is not None and pixels is not None:
            pixels = part.of(pixels)
        return Face(card.id, label, pixels, self.words(card))

    def _show_status(self) -> None:
        shown, ids = self.controller.pages.shown, self.on_screen
        place = ""
        if 0 < len(ids) < len(shown):
            first = shown.index(ids[0])
            place = f"{first + 1}-{first + len(ids)} of {len(shown)}"
        enlarged = ""
        if self._part is not None:
            enlarged = "a part of each" if self.part else "the place in each"
        self.query_one(Status).tell(
            self.controller,
            name=self.heading,
            place=place,
            notice=self.notice,
            enlarged=enlarged,
        )

    def _capacity(self) -> int:
        size = self.query_one(Wall).size
        return per_screen(self.controller.places, *size, self.aspect)

    @property
    def on_screen(self) -> Sequence[int]:
        """Ids of those on the wall."""
        capacity = self._capacity()
        first = self.controller.pages.index // capacity * capacity
        return self.controller.pages.shown[first : first + capacity]

    # Keys

    @on(Wall.Resized)
    def _arrange(self) -> None:
        self.changed()

    @on(CardClicked)
    def _point(self, message: CardClicked) -> None:
        if message.individual == self.controller.pages.cursor:
            self.action_zoom()
        else:
            self.controller.pages.go(message.individual)
            self.changed()

    def action_row(self, by: int) -> None:
        """Move a row up or down."""
        self.controller.pages.move(by * self.query_one(Wall).grid.columns)
        self.changed()

    def action_screenful(self, by: int) -> None:
        """Turn to another screen of the same generation, or else to another generation."""
        capacity, pages = self._capacity(), self.controller.pages
        first = (pages.index // capacity + by) * capacity
        if 0 <= first < len(pages.shown):
            pages.cursor = pages.shown[first]
            self.changed()
        else:
            self.action_turn(by)

    def come_back(self) -> None:
        """Close every screen above, unless this one was left itself."""
        while self in self.app.screen_stack and self.app.screen is not self:
            self.app.pop_screen()

    def come_to_children(self) -> None:
        """Show what happens to children that were asked for: here is where they appear."""
        if self.controller.breeding:
            self.come_back()
        self.changed()

    def open(self, destination: Destination) -> None:
        """Open a screen for the picture under the cursor, at once: keys typed ahead are its."""
        from tui.screens.overlays.navigator import screen_for  # for a fast start

        if (screen := screen_for(destination, self)) is not None:
            self.app.push_screen(screen)

    def take_from(self, other: int, shares: Box | None = None) -> None:
        """Mark a place of the picture under the cursor that is taken from another one."""
        from tui.screens.overlays.navigator import taking  # for a fast start

        if (screen := taking(self, other, shares)) is not None:
            self.app.push_screen(screen)

    def action_zoom(self) -> None:
        """Show the picture under the cursor large."""
        self.open(Destination.ZOOM)

    def action_part(self) -> None:
        """Choose a part that is enlarged in all pictures, or show all of them again."""
        if self.part is not None:
            self.part = None
            self.changed()
        elif self._edits.toggle():
            self.changed()
        else:
            self.open(Destination.PART)

    @property
    def _part(self) -> Cropped | None:
        """What is shown of each picture: what a person chose, or the place of a page of edits."""
        return self.part or self._edits.part

    def enlarge(self, box: Region) -> None:
        """Show this part of each picture, as large as all of it was."""
        self.part = Cropped(box)
        self.changed()

    def action_inspect(self) -> None:
        """Show or hide what is known about the picture under the cursor."""
        side = self.query_one("#side")
        side.display = not side.display
        self.changed()

    def action_branches(self) -> None:
        """Choose another branch to go on in."""
        from tui.dialogs.branch_choice import BranchChoice  # for a fast start

        try:
            if branches := self.controller.branches():
                self.app.push_screen(BranchChoice(self.controller, branches), self.go_on_in)
        except FancierError as error:
            self.say(str(error))

    def action_taste(self) -> None:
        """Show what was learnt of what the person likes."""
        from tui.dialogs.taste import TasteBox  # for a fast start

        if find_out := taste_of(self.controller.source):
            self.app.push_screen(TasteBox(self.controller, find_out))
        else:
            self.say("nothing is learnt here")

    def go_on_in(self, branch: str | None, at: int | None = None) -> None:
        """Go on in another branch, at an individual or else on its newest page."""
        if branch is not None and branch != self.controller.branch:
            try:
                self.controller.switch(branch, at)
            except FancierError as error:
                self.say(str(error))
            else:
                self.forget_previews()
                self.forget_awaited()

    def action_cancel(self) -> None:
        """Stop painting, or else take all marks back.

        Never leave: whoever closes what lies over the gallery may do it twice.
        """
        if self.controller.stop_painting():
            self.look_for_awaited()
            self.forget_previews()
            self.changed()
        elif marked := len(self.controller.pages.marked):
            self.controller.unmark()
            them = "it" if marked == 1 else "them"
            self.say(f"{counted(marked, 'mark')} taken back; u marks {them} again")
        else:
            self.say("nothing to close; q leaves")

    def action_leave(self) -> None:
        """Leave; where something would be lost, only if it is asked for twice."""
        losses = self._losses()
        if unknown := losses.keys() - self._warned:
            lost = "; ".join(text for kind, text in losses.items() if kind in unknown)
            self._warned |= unknown
            self.say(f"{lost}: q again leaves without")
        else:
            self.dismiss()

    def _losses(self) -> dict[str, str]:
        """Return what would be lost if one left now, by kind."""
        losses = {}
        missing, unsaved = self.controller.durable.missing, self.controller.unsaved
        if unsaved and missing:
            losses["unsaved"] = f"{missing} not saved ({unsaved})"
        if self.controller.breeding:
            losses["page"] = "the next page is not bred yet"
        return losses
