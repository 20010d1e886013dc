"""Choosing a part of the picture that is enlarged in all pictures of the page."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from tui import keys
from tui.controller.places.place import marked
from tui.controller.places.region import Region
from tui.screens.overlays.gallery_overlay import GalleryOverlay
from tui.widgets.pictures.drawn_on import Drawn, DrawnOn
from tui.widgets.status import Status


class PartChoice(GalleryOverlay):
    """Draws a box by keys or the mouse on the picture under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.PART]

    @property
    def box(self) -> Region:
        """The box that was drawn last."""
        return self.gallery.looked_at

    def _put(self, box: Region) -> None:
        if box != self.box:
            self.gallery.looked_at = box
            self.draw()

    def content(self) -> ComposeResult:
        yield DrawnOn(self.gallery.blocks, id="picture")
        yield Status()

    def draw(self) -> None:
        card = self.controller.pages.current
        if card is None:
            return
        box = self.box
        self.query_one(DrawnOn).show_over(
            self.picture(card), lambda pixels: marked(pixels, box.cells), str(box), box
        )
        self.show_status(f"#{card.id} {box}")
        self.fill([card.id])

    @on(Drawn)
    def _draw_box(self, drawn: Drawn) -> None:
        """Follow the mouse with a corner of the box; a click moves all of it there."""
        if drawn.erases:  # there is nothing to erase
            return
        if drawn.clicked:
            self._put(self.box.centred(drawn.box))
        elif not drawn.begins:
            self._put(Region.near(drawn.box))

    def action_shift(self, right: int, down: int) -> None:
        self._put(self.box.move(right, down))

    def action_grow(self, right: int, down: int) -> None:
        self._put(self.box.grow(right, down))

    def action_enlarge(self) -> None:
        """Show what is inside the box in every place of the gallery."""
        self.dismiss()
        # Once the gallery is on top: what changes below is painted again at the next key.
        self.gallery.call_later(self.gallery.enlarge, self.box)
