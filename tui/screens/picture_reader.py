"""Pictures that were painted before, read from the archive while keys act."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from evolve.errors import FancierError
from tui.controller.cards import State
from tui.controller.population_controller import PopulationController
from tui.drawing.blocks import Pixels
from tui.drawing.shrinking import SHARP, THUMBNAIL, shrink
from tui.widgets.background import in_background
from tui.widgets.layer import Layer


class PictureReader:
    """Reads the pictures that a screen is to show and that are not at hand."""

    def __init__(
        self, screen: Layer[Any], controller: PopulationController, show: Callable[[], object]
    ) -> None:
        """Read for a screen; `show` is called once some are read."""
        self._screen, self._controller, self._show = screen, controller, show
        self._reading: set[int] = set()
        self.aspect = 1.0
        """Width / height of the pictures."""

    @property
    def reads(self) -> bool:
        """Whether pictures are being read."""
        return bool(self._reading)

    @property
    def longest(self) -> int:
        """Pixels that are kept of a picture on its longer side."""
        return THUMBNAIL if getattr(self._screen.app, "canvas", None) is None else SHARP

    def read_missing(self, ids: Sequence[int]) -> None:
        """Begin to read those that are painted but not at hand."""
        cards, at_hand = self._controller.pages.cards, self._controller.pictures
        wanted = [
            id
            for id in ids
            if cards[id].state is State.PAINTED
            and id not in self._reading
            and at_hand.get(id) is None
        ]
        if wanted:
            self._reading.update(wanted)
            in_background(self._screen, partial(self._read, wanted), group="pictures")

    async def _read(self, ids: Sequence[int]) -> None:
        read = await asyncio.to_thread(self._read_all, ids, self.longest)
        self._reading.difference_update(ids)
        for id, picture in read.items():
            card = self._controller.pages.cards[id]
            if isinstance(picture, FancierError):
                if card.state is State.PAINTED:
                    card.state, card.error = State.FAILED, str(picture)
            elif picture is not None:
                self.aspect = picture.shape[1] / picture.shape[0]
                self._controller.keep_picture(id, picture)
            elif card.state is State.PAINTED:
                card.state = State.DROPPED
        self._show()

    def _read_all(
        self, ids: Sequence[int], longest: int
    ) -> dict[int, Pixels | FancierError | None]:
        """Return each picture, or why it cannot be read; None if it is not kept."""
        read: dict[int, Pixels | FancierError | None] = {}
        for id in ids:
            try:
                picture = self._controller.source.archive.picture(id)
            except FancierError as error:  # the others can be read
                read[id] = error
            else:
                read[id] = None if picture is None else shrink(picture, longest)
        return read
