"""Judging the picture under the cursor, and moving from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from evolve.errors import FancierError
from populations.core.making import making
from tui.controller.cards import Card, State
from tui.controller.places.region import Cropped
from tui.controller.population_controller import PopulationController
from tui.drawing.blocks import Blocks, Pixels
from tui.screens.actions.find_actions import FindActions
from tui.widgets.keybar import KeyBar
from tui.widgets.pictures.card_caption import caption
from tui.widgets.pictures.wall import Face
from tui.widgets.status import Status, status_row

CHANGES = frozenset(
    """
rate reject pin pick answer undo redo advance around breed mutate another drafts edit take
take_off repaint further remember directions touch paint recipe words settings note branch
cancel
""".split()  # noqa: SIM905 - a list would take thirty lines
)
"""Actions that change something, or lead to what does."""


class JudgeActions(FindActions):
    """A screen on which pictures are judged."""

    def __init__(self, controller: PopulationController) -> None:
        super().__init__()
        self.controller = controller

    @property
    def follows(self) -> bool:
        """Whether a page that was asked for is shown when it is born, as on the gallery."""
        return True

    def draw(self) -> None:
        """Bring this screen up to date; what is the same is not sent again."""
        raise NotImplementedError

    def changed(self) -> None:
        """Draw every screen that shows the population, since something changed."""
        raise NotImplementedError

    def offers(self, action: str) -> bool:
        """Return whether to name a key: not one that changes a read-only population."""
        return not self.controller.read_only or action.partition("(")[0] not in CHANGES

    def sees(self, id: int) -> bool:
        """Return whether an individual is on this screen."""
        return id in self.controller.pages.shown

    def picture(self, card: Card) -> Pixels | None:
        """Return what can be seen of an individual; None if nothing can."""
        if card.state is State.PAINTED:
            return self.controller.pictures.get(card.id)
        return self.controller.previews.get(card.id)

    def words(self, card: Card) -> str:
        """Return what to write where there is no picture, beside its caption."""
        if card.error or self.gallery.blocks is not Blocks.NONE:
            return card.error
        try:
            return f"{making(card.birth.origin)}. {self.controller.genome(card.id).prompt}"
        except FancierError as error:
            return str(error)

    def face(self, card: Card, width: int, part: Cropped | None = None) -> Face:
        """Return what a wall shows of a card in `width` cells: its picture, or a part of it."""
        label = caption(card, width=width, cursor=card.id == self.controller.pages.cursor)
        pixels = self.picture(card)
        if part is not None and pixels is not None:
            pixels = part.of(pixels)
        return Face(card.id, label, pixels, self.words(card))

    def show_status(self, place: str, *, enlarged: str = "") -> None:
        """Show the status line: the place, and which part of each picture is shown if not all."""
        status = self.query_one(Status)
        row, rest = status_row(
            self.controller,
            name=self.gallery.heading,
            place=place,
            notice=self.gallery.notice,
            width=status.size.width,
            enlarged=enlarged,
            waiting=self.typed.waiting,
        )
        status.show([row])
        if keys := self.query_one_optional(KeyBar):
            keys.lend(rest)

    def action_rate(self, value: int) -> None:
        self._advance(self.controller.rate(value))

    def action_reject(self) -> None:
        """Reject the picture under the cursor or take that back; drop it if it is being painted."""
        self._when_seen(lambda: self._advance(self.controller.reject()))

    def action_pin(self) -> None:
        self._when_seen(self.controller.pin)
        self.changed()

    def action_mark(self) -> None:
        self._when_seen(self.controller.mark)
        self.changed()

    def action_pick(self) -> None:
        """Pick the picture under the cursor as the next best of its page, or take that back."""
        self._when_seen(self.controller.pick)
        self.changed()

    def _when_seen(self, judge: Callable[[], None]) -> None:
        """Judge the picture under the cursor: at once, or when it is seen if that was typed ahead.

        A person who types ahead of a page means its pictures; one who presses a key sees that there
        is none yet.
        """
        card = self.controller.pages.current
        if self.typed.handing_on and card is not None and self.controller.is_awaited(card):
            self.gallery.await_picture(card.id, judge)
        else:
            judge()

    def action_answer(self, kind: Literal["none", "same"]) -> None:
        self.controller.answer(kind)
        self.changed()

    def action_undo(self) -> None:
        self.controller.undo(self.sees)
        self.changed()

    def action_redo(self) -> None:
        self.controller.redo(self.sees)
        self.changed()

    def _advance(self, judged: bool) -> None:
        if judged and self.controller.advances:
            self.action_step(1)
        else:
            self.changed()

    def action_advance(self) -> None:
        """Switch between staying and going on to the next picture after a rating."""
        if not self.controller.can_change():
            return
        self.controller.advances = not self.controller.advances
        if self.controller.advances:  # in the zoom, the same key adds something
            self.say("auto-advance is on: ratings go on to the next picture (+ adds something)")
        else:
            self.say("auto-advance is off")
        self.changed()

    def action_step(self, by: int) -> None:
        self.controller.pages.move(by)
        self.changed()

    def action_first(self) -> None:
        self.controller.pages.move(-self.controller.pages.index)
        self.changed()

    def action_last(self) -> None:
        pages = self.controller.pages
        pages.move(len(pages.shown) - 1 - pages.index)
        self.changed()

    def action_turn(self, by: int) -> None:
        if not self.controller.pages.turn(by):
            self.say("this is the last generation" if by > 0 else "this is the first generation")
        self.changed()
