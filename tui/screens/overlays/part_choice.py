"""One part of the picture, to be enlarged in all pictures of the page."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from tui import keys
from tui.screens.gallery_port import GalleryPort
from tui.screens.overlays.repaint import Repaint


class PartChoice(Repaint):
    """Draws a box by keys on the picture under the cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.PART]

    def __init__(self, gallery: GalleryPort) -> None:
        super().__init__(gallery)
        self.box = gallery.looked_at

    def action_enlarge(self) -> None:
        """Show what is inside the box in every place of the gallery."""
        self.dismiss()
        # Once the gallery is on top: what changes below is painted again at the next key.
        self.gallery.call_later(self.gallery.enlarge, self.box)
