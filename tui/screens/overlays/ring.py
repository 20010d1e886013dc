"""A picture with steps in eight directions around it, as on a compass."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from evolve.errors import FancierError
from tui import keys
from tui.controller.cards import Card
from tui.controller.compass import SIDE, ring, square
from tui.drawing.grid import grid_of
from tui.screens.gallery_port import GalleryPort
from tui.screens.overlays.gallery_overlay import GalleryOverlay
from tui.widgets.background import in_background
from tui.widgets.pictures.wall import EMPTY, Face, Wall

if TYPE_CHECKING:
    from populations.studio.breeding.axis_names import AxisName


class Ring(GalleryOverlay):
    """The middle and its ring. Opposite places are opposite in the noise, too."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.screens.AROUND]
    PLACES = SIDE * SIDE

    def __init__(self, gallery: GalleryPort) -> None:
        super().__init__(gallery)
        assert self._came_from is not None
        self.centre: int = self._came_from
        self._asked = False
        """Whether its children are still to be born."""
        self._axis_names: dict[int, Sequence[AxisName]] = {}
        """Names of the axes, by the picture in the middle."""

    @property
    def follows(self) -> bool:
        """Whether children are shown when they are born: if they were asked for here."""
        return self._asked

    def on_mount(self) -> None:
        self._look_around()

    def _look_around(self) -> None:
        """Ask for the ring, unless it is there, and for the names of its axes."""
        if not self._ring:
            self._asked = self.controller.look(self.centre)
            self.changed()
        if self.centre not in self._axis_names:
            self._axis_names[self.centre] = ()
            in_background(self, partial(self._find_names, self.centre), group="names")

    async def _find_names(self, centre: int) -> None:
        """Name the axes, once the ring is there."""
        with contextlib.suppress(FancierError):  # axes need no names
            self._axis_names[centre] = await asyncio.to_thread(
                self.controller.source.axis_names, centre
            )
        if self.is_there:
            self.changed()

    def _called(self, card: Card) -> str:
        """Return what a step along an axis leads to; empty for others, and until axes have names.

        A step against the axis leads to its other end.
        """
        params, names = card.birth.origin.params, self._axis_names.get(self.centre, ())
        axis, angle = params.get("along"), params.get("angle")
        if not isinstance(axis, int) or not isinstance(angle, int | float):
            return ""
        return names[axis - 1][angle < 0] if 0 < axis <= len(names) else ""

    @property
    def _ring(self) -> list[int]:
        return list(ring(self.controller.pages, self.centre))

    @property
    def _square(self) -> list[int | None]:
        return square(self.centre, self._ring)

    def draw(self) -> None:
        pages, wall = self.controller.pages, self.query_one(Wall)
        places = self._square
        self._asked = self._asked and self.controller.breeding
        if pages.cursor not in places:
            self.leave_if_on_top()
            return
        if not wall.size.area:
            return
        grid = grid_of(SIDE, SIDE * SIDE, *wall.size, self.gallery.reader.aspect)
        self.hang([self._face(id, grid.width) for id in places], grid)
        self.show_status(f"around #{self.centre}{self._axis()}")
        self.fill([id for id in places if id is not None])

    def _axis(self) -> str:
        card = self.controller.pages.current
        name = "" if card is None or card.id == self.centre else self._called(card)
        return f": {name}" if name else ""

    def _face(self, id: int | None, width: int) -> Face:
        if id is None:
            return EMPTY
        card = self.controller.pages.cards[id]
        face = self.face(card, width)
        room = width - len(face.caption.left) - 1
        if (name := self._called(card)) and not face.caption.state and len(name) <= room:
            return face._replace(caption=face.caption._replace(state=name))
        return face

    def _go(self, place: int) -> None:
        if (id := self._square[place]) is not None:
            self.controller.pages.go(id)
        self.changed()

    @property
    def _place(self) -> int:
        cursor, places = self.controller.pages.cursor, self._square
        return places.index(cursor) if cursor in places else places.index(self.centre)

    def action_step(self, by: int) -> None:
        if 0 <= self._place % SIDE + by < SIDE:
            self._go(self._place + by)

    def action_row(self, by: int) -> None:
        if 0 <= self._place + SIDE * by < SIDE * SIDE:
            self._go(self._place + SIDE * by)

    def choose(self) -> None:
        self.action_walk()

    def action_walk(self) -> None:
        """Make the picture under the cursor the middle, and look around from there."""
        cursor = self.controller.pages.cursor
        if cursor is None or cursor == self.centre or self.controller.breeding:
            return
        self.centre = cursor
        self._look_around()
        self.changed()
