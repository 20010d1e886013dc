"""One picture as large as the terminal allows, with its genome and its parents beside it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from tui import keys
from tui.screens.overlays.favourites import Favourites
from tui.screens.overlays.gallery_overlay import GalleryOverlay
from tui.widgets.inspector import Inspector
from tui.widgets.pictures.parent_thumbnails import Parents
from tui.widgets.pictures.thumb import Thumb
from tui.widgets.status import Status


class Zoom(GalleryOverlay):
    """The picture under the cursor. Keys do here what they do in the gallery."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.ZOOMED]
    WHEEL = "step"

    @property
    def favourites(self) -> Favourites | None:
        """The favourites below, among which arrows move then; None if it is another screen."""
        below = self.app.screen_stack[self.app.screen_stack.index(self) - 1]
        return below if isinstance(below, Favourites) else None

    def content(self) -> ComposeResult:
        blocks = self.gallery.blocks
        with Horizontal(id="table"):
            yield Thumb(blocks, id="picture")
            with Vertical(id="side"):
                yield Inspector(id="details")
                yield Parents(blocks)
        yield Status()

    def draw(self) -> None:
        pages = self.controller.pages
        card = pages.current
        if card is None:
            return
        self.query_one("#picture", Thumb).show(self.picture(card), self.words(card))
        self.query_one(Parents).show(self.controller.pages.parents, self.picture)
        self.query_one(Inspector).inspect(self.controller, with_family=True)
        among = self.favourites
        place = f"picture {pages.index + 1} of {len(pages.shown)}"
        self.show_status((among and among.where) or place)
        self.fill([card.id, *card.birth.parents])

    def action_step(self, by: int) -> None:
        """Move to the picture before or after: of the page, or of the favourites below."""
        if (among := self.favourites) is not None:
            among.action_step(by)
        else:
            super().action_step(by)

    def action_screenful(self, by: int) -> None:
        """Move to the picture before or after: here each fills the screen."""
        self.action_step(by)
