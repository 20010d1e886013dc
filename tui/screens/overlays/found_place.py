"""A place that words find; what is painted there is up to subclasses."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError
from evolve.genome.masks import located
from evolve.models.words.phrasing import Phrasings
from evolve.session.events import PlaceFound
from tui.controller.places import wishes
from tui.controller.places.place import FAR, Cells, Far, Place
from tui.controller.places.wishes import Wish
from tui.dialogs.ask import Ask
from tui.dialogs.word_completion import Completion, unknown
from tui.drawing.cells import wrapped
from tui.screens.gallery_port import GalleryPort
from tui.screens.overlays.repaint import Repaint
from tui.widgets.layer import WAYS_OUT
from tui.widgets.text_lines import Span, TextLine

ALIKE = 0.5
"""Intersection over union above which two places count as one."""
SPIN = 0.12
"""Seconds between two frames of the sign that it goes on."""
LEFT = (*WAYS_OUT, "help")
"""What can be done while the place is looked for."""


class FoundPlace(Repaint):
    """Looks for the place of words; keys typed meanwhile wait for it."""

    tries: ClassVar[bool] = False
    """Whether to try out how much weight the words need."""

    def __init__(self, gallery: GalleryPort) -> None:
        super().__init__(gallery)
        self.source: int | None = None
        """The picture that the place is taken from, if it is."""
        self.wish: Wish | None = None
        """What is to change there."""
        self.phrasings: Phrasings | None = None
        """The prompt without the change and with it; None until the words are understood."""
        self.looking = False
        """Whether the place is being looked for."""
        self.awaiting = False
        """Whether the search begins once the picture is painted."""
        self.chances: tuple[float, ...] = ()
        """How surely each try showed what is to be there."""
        self.guidance: float | None = None
        """The guidance scale of these tries."""
        self.near: tuple[int, ...] = ()
        """The tries that showed it, where not all did."""
        self._tried: Cells | None = None
        """Where the words were tried."""
        self._then: Callable[[], None] | None = None
        """To be called once they are tried."""
        self._wait = object()
        self._sign = cycle("|/-\\")

    def on_mount(self) -> None:
        self.set_interval(SPIN, self._spin)

    def on_unmount(self) -> None:
        """Release the keys that wait."""
        self.typed.release(self._wait)

    def ask(
        self,
        question: str,
        before: str,
        problem: Callable[[str], str],
        hint: str,
        then: Callable[[str | None], None],
    ) -> None:
        """Ask for words, completed by those that the model knows."""
        topics = self.controller.source.vocabulary
        ask = Ask(
            question,
            before,
            problem=problem,
            hint=hint,
            completion=Completion(topics) if topics else None,
            remark=lambda typed: unknown(topics, wishes.things(typed)),
        )
        self.app.push_screen(ask, then)

    def look_for(self, wish: Wish) -> None:
        """Look for the place of words, and unmark that of earlier ones."""
        self.wish = wish
        self.place, self.brush, self._before = self.place.cleared(), None, []
        card = self.controller.pages.current
        if card is None or not card.is_under_way:
            self._look(wish)
            return
        self.phrasings, self.awaiting = None, True
        self._hold()
        self.draw()

    def _hold(self) -> None:
        self.typed.hold(self._wait, LEFT.__contains__, lambda dropped: self.action_back())

    def try_here(self, then: Callable[[], None]) -> bool:
        """Try the words in what is marked, then call `then`; False if that was done already.

        The weight that words need differs from place to place: tries where the place was found show
        little about the place that a person marks. If a change hardly shows, a notice reports it,
        and it is painted only if that is asked for again.
        """
        phrasings = self.phrasings
        if self.wish is None or phrasings is None or not (self.tries and phrasings.thing):
            return False
        if alike(self._tried, self.place.mask):
            return False
        self._then = then
        self._look(self.wish, self.place.mask)
        self.phrasings = self.phrasings or phrasings
        return True

    def _look(self, wish: Wish, place: Cells | None = None) -> None:
        self._tried, self.chances, self.guidance, self.near = place, (), None, ()
        self.phrasings = self.controller.locate(
            wish.change, tries=self.tries, place=place, other=self.source
        )
        if self.phrasings is not None:
            self.looking = True
            self._hold()
        else:
            self._then = None
            self.typed.release(self._wait, drop=True)
        self.draw()

    def draw(self) -> None:
        """Take in the place that was found, if any, and show the picture with the place on it."""
        card = self.controller.pages.current
        if self.awaiting and self.wish is not None and not (card and card.is_under_way):
            self.awaiting = False
            self._look(self.wish)
            return
        if self.looking and not self.controller.locating:
            self.looking = False
            found, then = self.controller.located, self._then
            self._then = None
            if found is not None:
                self.phrasings, self.chances = found.phrasings, found.located.chances
                self.guidance, self.near = found.located.guidance, found.located.near
            if then is None:
                self._mark(found)
            elif found is None or found.located.remark:
                self.typed.release(self._wait, drop=True)
                self.say("not painted yet: enter paints it anyway")
            else:
                self.typed.release(self._wait)
                then()
                return
        super().draw()

    def _mark(self, found: PlaceFound | None) -> None:
        mask = None if found is None else place_in(found.located.difference)
        if mask is not None:
            self._tried = mask
            self._change(Place(mask))
        elif found is not None:
            self.say("no place stands out: mark it yourself")
        # What was typed ahead was meant for the place that was looked for.
        self.typed.release(self._wait, drop=mask is None)

    def _spin(self) -> None:
        if self.looking or self.awaiting:
            self.show_lines()

    def lines(self) -> list[TextLine]:
        """Return what is to change, and below it what the model does not know of the words."""
        if self.phrasings is None:
            return super().lines()
        doubts = "; ".join(self.controller.change_remarks)
        rows = wrapped(doubts, max(8, self.size.width - 2), most=3)
        return [*super().lines(), *((Span(f" {row}", "warning"),) for row in rows)]

    def place_summary(self) -> tuple[Span, ...]:
        """Return where it is to change, and how much; or that this is looked for."""
        if self.looking or self.awaiting:
            doing = "looking for the place" if self._then is None else "trying the words there"
            doing = "waiting for the picture" if self.awaiting else doing
            return (Span(f"  {doing} {next(self._sign)}  escape stops", "accent"),)
        return super().place_summary()

    def first(self) -> tuple[Place, Far]:
        """Return a place that does not depend on earlier ones."""
        return Place.of_box(self.shape), FAR[0]

    def remember(self) -> None:
        """Remember nothing: the next picture begins without a place, too."""

    def action_back(self) -> None:
        """Stop looking, put the brush down, or go back to the screen below."""
        if self.looking or self.awaiting:
            self.looking = self.awaiting = False
            self._then, self._tried = None, None
            self.controller.stop_locating()
            self.typed.release(self._wait, drop=True)
            self.draw()
        else:
            super().action_back()


def alike(one: Cells | None, other: Cells) -> bool:
    """Return whether two places have more than half of their cells in common."""
    if one is None:
        return False
    return bool((one & other).sum() > ALIKE * (one | other).sum())


def place_in(difference: NDArray[np.float32]) -> Cells | None:
    """Return the place that stands out in a map of differences; None if none does."""
    try:
        return located(difference)
    except GenomeError:
        return None
