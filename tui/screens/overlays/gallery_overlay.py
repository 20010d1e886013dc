"""A screen over the gallery: it shows the population of the gallery in another way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult

from tui.drawing.grid import Grid
from tui.screens.curtain import Curtained
from tui.screens.gallery_port import GalleryPort
from tui.widgets.messages import CardClicked
from tui.widgets.pictures.wall import Face, Wall
from tui.widgets.status import Status


class GalleryOverlay(Curtained):
    """Keys do the same here as in the gallery, which is kept up to date below."""

    PLACES: ClassVar[int] = 1
    """Places of the wall at first."""

    def __init__(self, gallery: GalleryPort) -> None:
        super().__init__(gallery.controller)
        self._gallery = gallery
        self._came_from = gallery.controller.pages.cursor

    @property
    def gallery(self) -> GalleryPort:
        return self._gallery

    @property
    def follows(self) -> bool:
        """Whether a page is shown when it is born: not instead of what is shown here."""
        return False

    def content(self) -> ComposeResult:
        yield Wall(self._gallery.blocks, places=self.PLACES)
        yield Status()

    def hang(self, faces: Sequence[Face], grid: Grid) -> None:
        """Show pictures on the wall, in a grid."""
        if self.query_one(Wall).show(faces, grid):
            self.settle()

    def on_key(self, event: events.Key) -> None:
        """Notify of a key that does nothing here that it works in the gallery."""
        if active := self._gallery.active_bindings.get(event.key):
            name = self.app.get_key_display(active.binding)
            self.say(f"{name} works in the gallery: escape goes there")

    def sees(self, id: int) -> bool:
        walls = self.query(Wall)
        return any(face.id == id for wall in walls for face in wall.faces) or super().sees(id)

    def changed(self) -> None:
        """Draw this screen and those below."""
        self._gallery.changed()

    def say(self, text: str) -> None:
        self._gallery.say(text)

    def go_to(self, individual: int) -> None:
        """Put the cursor on a picture."""
        self.controller.pages.go(individual)
        self.changed()

    @on(CardClicked)
    def _point(self, message: CardClicked) -> None:
        """Put the cursor on a picture; on the one under the cursor, do what enter does."""
        if message.individual == self.controller.pages.cursor:
            self.choose()
        else:
            self.go_to(message.individual)

    def choose(self) -> None:
        """React to a click on the picture under the cursor."""
        self.action_jump()

    def action_jump(self) -> None:
        self._gallery.come_back()

    def action_row(self, by: int) -> None:
        """Move to the picture before or after: here there is one row."""
        self.action_step(by)

    def breed(self) -> None:
        super().breed()
        self._gallery.come_to_children()

    def action_mutate(self) -> None:
        super().action_mutate()
        self._gallery.come_to_children()

    def leave_if_on_top(self) -> None:
        """Go to the gallery, as the picture under the cursor is not here: something was undone.

        Screens over this one may move the cursor anywhere.
        """
        if self.app.screen is self:
            self._gallery.come_back()

    def retrace(self) -> None:
        """Go back to the screen below, with the cursor where it was.

        Otherwise a person who looked at a parent would rate its page instead of their own.
        """
        if self._came_from is not None:
            self.controller.pages.go(self._came_from)
        self.dismiss()
        self.changed()

    def action_back(self) -> None:
        """Go back to the screen below, with the cursor on this picture."""
        self.dismiss()


class Among(GalleryOverlay):
    """Shows some pictures of any pages; the cursor moves among them alone."""

    ids: list[int]
    """Those pictures, in order."""
    _at = 0
    """The place of the cursor when it was among them last."""

    @property
    def place(self) -> int:
        """Place of the cursor among the pictures, from 0."""
        cursor = self.controller.pages.cursor
        return self.ids.index(cursor) if cursor in self.ids else min(self._at, len(self.ids) - 1)

    def go(self, place: int) -> None:
        """Move to a place, if there is one."""
        if 0 <= place < len(self.ids):
            self.controller.pages.go(self.ids[place])
        self.changed()

    def go_to(self, individual: int) -> None:
        """Move to one of them; a click may come when it is none of them any more."""
        if individual in self.ids:
            self.go(self.ids.index(individual))

    def action_step(self, by: int) -> None:
        """Move to the picture before or after, of those shown here."""
        self.go(self.place + by)

    def action_first(self) -> None:
        """Move to the first of those shown here."""
        self.go(0)

    def action_last(self) -> None:
        """Move to the last of those shown here."""
        self.go(len(self.ids) - 1)
