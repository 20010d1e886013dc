"""Keys that mean the same wherever a picture is under the cursor."""

from __future__ import annotations

from tui.controller import compass
from tui.screens.actions.breed_actions import BreedActions


class PictureActions(BreedActions):
    """A screen from which the others over the gallery are opened."""

    def action_compare(self) -> None:
        """Show what is marked side by side, or this picture beside its parent."""
        self.gallery.open("compare")

    def action_lineage(self) -> None:
        self.gallery.open("lineage")

    def action_around(self) -> None:
        """Show steps in all directions around the picture under the cursor."""
        pages = self.controller.pages
        if (
            pages.cursor is None
            or compass.ring(pages, pages.cursor)
            or self.controller.can_change()
        ):
            self.gallery.open("ring")

    def action_touch(self) -> None:
        self.gallery.open("repaint")

    def action_edit(self) -> None:
        self.gallery.open("edit")

    def action_take(self) -> None:
        """Mark a place of this picture that is taken from the one that was marked."""
        others = [id for id in self.controller.pages.marked if id != self.controller.pages.cursor]
        if others:
            self.gallery.take_from(others[-1])
        elif self.controller.can_change():
            self.say("mark the picture to take a part of with space, then press T on this one")

    def action_take_off(self) -> None:
        self.controller.take_off()
        self.gallery.come_to_children()
