"""Choosing a place of one picture that is taken from another."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from evolve.genome.masks import Box, mask_of
from evolve.search.edits import Taken
from evolve.search.search import Alteration
from tui import keys
from tui.controller.places import wishes
from tui.controller.places.place import Place, marked
from tui.screens.gallery_port import GalleryPort
from tui.screens.overlays.found_place import FoundPlace
from tui.widgets.text_lines import Span

if TYPE_CHECKING:
    from tui.drawing.blocks import Pixels


class TakePlace(FoundPlace):
    """Shows the other picture in the place; breeds children in which the two are blended."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.TAKE]

    def __init__(self, gallery: GalleryPort, other: int, shares: Box | None = None) -> None:
        """Take from `other` into the picture under the cursor; `shares` is marked at first."""
        super().__init__(gallery)
        self.source: int = other
        if shares is not None:
            rows, columns = self.place.cells.shape
            self.place = Place(mask_of(shares, (rows, columns)))

    @property
    def drawn_ids(self) -> list[int]:
        """Ids of both pictures."""
        return [*super().drawn_ids, self.source]

    def pictured(self, pixels: Pixels) -> Pixels:
        """Return the picture with the place on it, and the other one inside."""
        other = self.picture(self.controller.pages.cards[self.source])
        if other is None or other.shape != pixels.shape:
            return super().pictured(pixels)
        return marked(pixels, self.place.mask, self.brush, inside=other)

    def action_wish(self) -> None:
        """Ask what is taken: its place is looked for in the picture under the cursor."""
        question = f"What is to be taken from #{self.source}?"
        before = "" if self.wish is None else str(self.wish)
        self.ask(question, before, wishes.no_thing, "hair  ·  eyes  ·  glasses", self._wished)

    def _wished(self, text: str | None) -> None:
        if text is not None:
            self.look_for(wishes.read(text))

    def summary(self) -> tuple[Span, ...]:
        thing = f"{self.wish.words} " if self.wish is not None else ""
        what = Span(f" {thing}taken from #{self.source}", "strong")
        return (what, *self.place_summary())

    def alteration(self) -> Alteration:
        asked, prompt = {}, None
        if self.wish is not None:
            asked = {"words": self.wish.words}
            prompt = self.controller.words_taken(self.source, self.wish.words)
        return Taken(
            other=self.source,
            mask=self.place.mask,
            depth=self.far.taken,
            prompt=prompt,
            asked=asked,
        )
