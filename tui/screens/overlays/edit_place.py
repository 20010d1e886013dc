"""Something to be added, removed or exchanged in one picture: the words find the place."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from evolve.search.edits import PaintedPlace
from evolve.search.search import Alteration
from tui import keys
from tui.controller.places import wishes
from tui.controller.places.place import Far, Place
from tui.screens.overlays.found_place import FoundPlace
from tui.widgets.text_lines import Span


class EditPlace(FoundPlace):
    """Asks what is to change, shows where, and breeds children that differ there only."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.EDIT]
    tries = True

    def on_mount(self) -> None:
        """Ask for the words at once: keys typed ahead are the question's."""
        self.action_wish()

    def first(self) -> tuple[Place, Far]:
        """Return a place with nothing in it: the words find one."""
        place, far = super().first()
        return place.cleared(), far

    def action_wish(self) -> None:
        question = f"What is to be different in #{self.controller.pages.cursor}?"
        before = "" if self.wish is None else str(self.wish)
        self.ask(question, before, wishes.problem, wishes.SYNTAX, self._wished)

    def _wished(self, text: str | None) -> None:
        if text is not None:
            self.look_for(wishes.read(text))
        elif self.wish is None:
            self.dismiss()

    def summary(self) -> tuple[Span, ...]:
        if self.wish is None:
            return ()
        what = Span(f" {self.wish.in_words}", "strong")
        if self.phrasings is None and not self.awaiting:
            return (what, Span("  not looked for: a asks again", "warning"))
        return (what, *self.place_summary())

    def action_paint(self) -> None:
        if self.phrasings is None:
            self.say("first say what is to change: a")
        elif not (self.place.mask.any() and self.try_here(super().action_paint)):
            super().action_paint()

    def alteration(self) -> Alteration:
        assert self.wish is not None
        assert self.phrasings is not None
        place = PaintedPlace(
            mask=self.place.mask,
            depth=self.far.depth,
            guidance=self.guidance,
            near=self.near,
            asked=self.wish.recorded,
        )
        return place.in_words(self.phrasings, self.chances)
