"""Something to be added, removed or exchanged in one picture: the words find the place."""

from __future__ import annotations

from itertools import cycle
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from textual.binding import BindingType

from evolve.errors import GenomeError
from evolve.genome.masks import located
from evolve.models.words.phrasing import Phrasings
from evolve.search.edits import Alteration, PaintedPlace
from tui import keys
from tui.controller.places import wishes
from tui.controller.places.place import Cells, Place
from tui.controller.places.wishes import Wish
from tui.dialogs.ask import Ask
from tui.screens.base_screen import WAYS_OUT
from tui.screens.gallery_port import GalleryPort
from tui.screens.overlays.repaint import Repaint
from tui.widgets.text_lines import Span, TextLines

SPIN = 0.12
"""Seconds between two signs of life."""


class EditPlace(Repaint):
    """Asks what is to change, shows where, and breeds children that differ there only."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.EDIT]

    def __init__(self, gallery: GalleryPort) -> None:
        super().__init__(gallery)
        self.wish: Wish | None = None
        """What is to change."""
        self.phrasings: Phrasings | None = None
        """It in the words of the prompt; None as long as nothing was understood."""
        self.looking = False
        """Whether the place is looked for."""
        self._wait = object()
        self._sign = cycle("|/-\\")

    def on_mount(self) -> None:
        """Ask for the words at once: keys typed ahead are the question's."""
        self.action_wish()
        self.set_interval(SPIN, self._spin)

    def on_unmount(self) -> None:
        """Keep no key back, however this is left."""
        self.typed.release(self._wait)

    def action_wish(self) -> None:
        """Ask what is to change."""
        question = f"What is to be different in #{self.controller.pages.cursor}?"
        before = "" if self.wish is None else str(self.wish)
        ask = Ask(question, before, problem=wishes.problem, hint=wishes.SYNTAX)
        self.app.push_screen(ask, self._wished)

    def _wished(self, text: str | None) -> None:
        if text is None:
            if self.wish is None:
                self.dismiss()
            return
        self.wish = wishes.read(text)
        self.phrasings = self.controller.locate(self.wish.change)
        if self.phrasings is not None:
            self.looking = True
            self.typed.hold(self._wait, WAYS_OUT.__contains__)
        self.draw()

    def draw(self) -> None:
        """Take what was found, if it came, and show the picture with the place on it."""
        if self.looking and not self.controller.locating:
            self.looking = False
            found = self.controller.located
            mask = None if found is None else place_in(found.difference)
            if mask is not None:
                self._change(Place(mask))
            elif found is not None:
                self.say("no place stands out: mark it yourself")
            # What was typed ahead was meant for the place that was looked for.
            self.typed.release(self._wait, drop=mask is None)
        super().draw()

    def _spin(self) -> None:
        if self.looking:
            self.query_one("#wish", TextLines).show([self.told()])

    def told(self) -> tuple[Span, ...]:
        """Return what is to change, where, and how much, in a line."""
        if self.wish is None:
            return ()
        what = Span(f" {self.wish.in_words}", "strong")
        if self.looking:
            spin = Span(f"  looking for the place {next(self._sign)}  escape stops", "accent")
            return (what, spin)
        if self.phrasings is None:
            return (what, Span("  not understood: a asks again", "warning"))
        return (what, *self.where_told())

    def action_paint(self) -> None:
        """Breed a page that differs in the place only."""
        if self.phrasings is None:
            self.say("first say what is to change: a")
        else:
            super().action_paint()

    def alteration(self) -> Alteration:
        """Return what is to be different in the place."""
        assert self.wish is not None
        assert self.phrasings is not None
        return PaintedPlace(
            mask=self.place.mask,
            prompt=self.phrasings.after,
            depth=self.far.depth,
            told=self.wish.told,
        )

    def action_back(self) -> None:
        """Stop looking, put the brush down, or go back to the screen below."""
        if self.looking:
            self.looking = False
            self.controller.stop_locating()
            self.typed.release(self._wait, drop=True)
            self.draw()
        else:
            super().action_back()


def place_in(difference: NDArray[np.float32]) -> Cells | None:
    """Return the place that stands out in a map of differences; None if none does."""
    try:
        return located(difference)
    except GenomeError:
        return None
