"""The gallery: one generation on the screen, judged by key."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from evolve.errors import FancierError
from evolve.genome.masks import Box
from populations.core.captions import counted
from tui import keys
from tui.controller.finding.favourites import ORDERS
from tui.controller.finding.search_terms import Finder
from tui.controller.places.place import Far, Place
from tui.controller.places.region import Cropped, Region
from tui.drawing.blocks import Blocks
from tui.screens.gallery_port import Destination
from tui.screens.gallery_view import GalleryView
from tui.widgets.messages import CardClicked
from tui.widgets.pictures.wall import Wall

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.viewing import Viewing


class Gallery(GalleryView):
    """A population whose pictures are judged and bred by key. Dismissed when the person leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.GALLERY]
    WHEEL = "screenful"

    def __init__(
        self,
        source: SavedSession | Viewing,
        *,
        name: str,
        blocks: Blocks = Blocks.QUADRANT,
        leads_to: str = "",
    ) -> None:
        super().__init__(source, name=name, blocks=blocks)
        self.finder: Finder | None = None
        """What was searched for last."""
        self.favourites_by = ORDERS[0], False
        """How favourites are sorted, and whether those of all branches are shown."""
        self._warned: set[str] = set()
        """Losses by leaving now of which the person was warned."""
        self._leads_to = leads_to
        """Where leaving leads, as the key bar names it; empty if it ends the app."""
        self.repainted: tuple[int, Place, Far] | None = None
        """Which picture was repainted last, its place, and how much changed there."""
        self.looked_at = Region()
        """The box that was enlarged last."""

    @property
    def gallery(self) -> Gallery:
        return self

    def names(self, binding: Binding) -> str:
        """Return the name of a key: that of the one that leaves is where it leads."""
        leads_to = self._leads_to if binding.action == "leave" else ""
        return leads_to or binding.description

    def draw(self) -> None:
        """Bring the gallery up to date, and forget warnings that no longer hold."""
        self._warned &= self._losses().keys()
        super().draw()

    @on(CardClicked)
    def _point(self, message: CardClicked) -> None:
        if message.individual == self.controller.pages.cursor:
            self.action_zoom()
        else:
            self.controller.pages.go(message.individual)
            self.changed()

    def action_row(self, by: int) -> None:
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
        """Come to the gallery if children were asked for: they appear here."""
        if self.controller.breeding:
            self.come_back()
        self.changed()

    def open(self, destination: Destination) -> None:
        """Open a screen for the picture under the cursor, at once: keys typed ahead are its."""
        from tui.screens.overlays.navigator import screen_for  # for a fast start

        if (screen := screen_for(destination, self)) is not None:
            self.app.push_screen(screen)

    def take_from(self, other: int, shares: Box | None = None) -> None:
        """Mark a place of the picture under the cursor that is taken from another one.

        Args:
            other: The one that it is taken from.
            shares: What is marked at first, as shares of the picture.
        """
        from tui.screens.overlays.navigator import taking  # for a fast start

        if (screen := taking(self, other, shares)) is not None:
            self.app.push_screen(screen)

    def action_zoom(self) -> None:
        self.open("zoom")

    def action_part(self) -> None:
        """Choose a part that is enlarged in all pictures, or show all of them again."""
        if self.part is not None:
            self.part = None
            self.changed()
        elif self._edits.toggle():
            self.changed()
        else:
            self.open("part")

    def enlarge(self, box: Region) -> None:
        """Show this part of each picture, as large as all of it was."""
        self.part = Cropped(box.shares)
        self.changed()

    def action_inspect(self) -> None:
        side = self.query_one("#side")
        side.display = not side.display
        self.close_curtain()

    def action_branches(self) -> None:
        from tui.dialogs.list_choices import BranchChoice  # for a fast start

        try:
            if branches := self.controller.branches():
                self.app.push_screen(BranchChoice(self.controller, branches), self.go_on_in)
        except FancierError as error:
            self.say(str(error))

    def action_taste(self) -> None:
        from tui.dialogs.taste import TasteBox  # for a fast start

        self.app.push_screen(TasteBox(self.controller))

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

        Never leave: a person who closes what lies over the gallery may press the key twice.
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
            self.say(f"{lost}: q again leaves anyway")
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
