"""One picture as large as the terminal allows, with its genome and its parents beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from tui import keys
from tui.screens.judging import Judging
from tui.widgets.inspector import Inspector
from tui.widgets.parents import Parents
from tui.widgets.status import Status
from tui.widgets.thumb import Thumb

if TYPE_CHECKING:
    from tui.screens.gallery import Gallery


class Zoom(Judging):
    """The picture under the cursor. Keys do here what they do in the gallery."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.ZOOMED]

    def __init__(self, gallery: Gallery) -> None:
        super().__init__(gallery.desk, id="zoom")
        self._gallery = gallery

    def content(self) -> ComposeResult:
        """Yield the picture, its caption and the details."""
        blocks = self._gallery.blocks
        with Horizontal(id="table"):
            yield Thumb(blocks, id="picture")
            with Vertical(id="side"):
                yield Inspector(id="details")
                yield Parents(blocks)
        yield Status()

    def on_resize(self) -> None:
        """Fill everything in once there is room for it."""
        self.when_settled(self.draw)

    def draw(self) -> None:
        """Bring the screen up to what is on the desk."""
        card = self.desk.board.current
        if card is None or not self.is_mounted:
            return
        self.query_one("#picture", Thumb).show(self.picture(card), self.words(card))
        self.query_one(Parents).show(self.desk.board.parents, self.picture)
        self.query_one(Inspector).inspect(self.desk)
        self.query_one(Status).tell(
            self.desk,
            name=self._gallery.population,
            place=f"picture {self.desk.board.index + 1} of {len(self.desk.board.shown)}",
            notice=self._gallery.notice,
        )
        self._gallery.read_missing([card.id, *card.birth.parents])

    def changed(self) -> None:
        """Draw this screen and the gallery below."""
        self._gallery.changed()

    def say(self, text: str) -> None:
        """Show a notice for some seconds."""
        self._gallery.say(text)

    def action_row(self, by: int) -> None:
        """Move to the picture before or after: here there is one row."""
        self.action_step(by)

    def action_breed(self) -> None:
        """Breed the next page and go there."""
        super().action_breed()
        self._go_to_children()

    def action_mutate(self) -> None:
        """Breed variations of this picture and go there."""
        super().action_mutate()
        self._go_to_children()

    def _go_to_children(self) -> None:
        if self.desk.breeding:
            self.dismiss()

    def action_back(self) -> None:
        """Go back to the gallery, with the cursor on this picture."""
        self.dismiss()
