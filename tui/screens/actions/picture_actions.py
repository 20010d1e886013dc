"""Keys that mean the same wherever a picture is under the cursor."""

from __future__ import annotations

from tui.screens.actions.breed_actions import BreedActions
from tui.screens.gallery_port import Destination


class PictureActions(BreedActions):
    """A screen from which the others over the gallery are opened."""

    def action_compare(self) -> None:
        """Show what is marked side by side, or this picture beside its parent."""
        self.gallery.open(Destination.COMPARE)

    def action_lineage(self) -> None:
        """Show where the picture under the cursor comes from."""
        self.gallery.open(Destination.LINEAGE)

    def action_around(self) -> None:
        """Show steps in all directions around the picture under the cursor."""
        self.gallery.open(Destination.RING)

    def action_touch(self) -> None:
        """Choose a region of the picture under the cursor to be painted anew."""
        self.gallery.open(Destination.REPAINT)
