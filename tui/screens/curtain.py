"""A screen that is painted once all of it is there: each layout would paint all pictures again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual.timer import Timer

from tui.controller.population_controller import PopulationController
from tui.screens.actions.picture_actions import PictureActions

CURTAIN = 0.5
"""Seconds for which painting is held back at most."""


class Curtained(PictureActions):
    """Holds painting back until the layout is done and the pictures are read.

    `App.batch_update` holds layouts back, too: they follow at its end, and the pictures are painted
    three times. So this overrides the private method of Textual that paints a screen.
    """

    def __init__(self, controller: PopulationController) -> None:
        super().__init__(controller)
        self._layouts, self._layouts_done = 1, 0
        self._opened = False
        self._opening: Timer | None = None

    def on_mount(self) -> None:
        self.close_curtain()

    def on_resize(self) -> None:
        """Fill everything in once the layout is done."""
        self.settle()

    def close_curtain(self) -> None:
        """Hold painting back while the layout changes."""
        self._opened = False
        if self._opening is not None:
            self._opening.stop()
        self._opening = self.set_timer(CURTAIN, self._open)
        self.settle()

    def _open(self) -> None:
        if not self._opened:
            self._opened = True
            self.refresh()

    def _compositor_refresh(self) -> None:
        if self._opened:
            super()._compositor_refresh()

    def settle(self) -> None:
        """Draw again once the layout is done."""
        self._layouts += 1
        self.when_settled(partial(self._settled, self._layouts))

    def _settled(self, layouts: int) -> None:
        if layouts == self._layouts:  # else another layout has begun meanwhile
            self._layouts_done = layouts
            self.changed()

    def fill(self, ids: Sequence[int]) -> None:
        """Read the pictures of these individuals once the layout is done; then paint the screen."""
        if self._layouts_done == self._layouts:
            self.gallery.reader.read_missing(ids)
            if not self.gallery.reader.reads:
                self._open()
