"""Pages of edits: of each picture, the place in which they differ is shown."""

from __future__ import annotations

from functools import lru_cache

from evolve.errors import FancierError
from evolve.search.edits import PLACED
from tui.controller.places.place import around
from tui.controller.places.region import Cropped
from tui.controller.population_controller import PopulationController

KEPT = 8
"""Pages that are remembered: each keeps its pictures in memory."""


class EditedPages:
    """Knows of each page whether it is one of edits, and where."""

    def __init__(self, controller: PopulationController) -> None:
        self._controller = controller
        self._cropped = lru_cache(KEPT)(self._cropped_of)
        self._whole: set[tuple[int, ...]] = set()
        """Pages whose pictures are shown whole."""

    @property
    def part(self) -> Cropped | None:
        """What to show of each picture of the page on the screen; None for all of it."""
        return None if self._page in self._whole else self._cropped(self._page)

    def toggle(self) -> bool:
        """Show all of each picture of this page, or the place again; False if it has none."""
        if self._cropped(self._page) is None:
            return False
        self._whole ^= {self._page}
        return True

    @property
    def _page(self) -> tuple[int, ...]:
        return tuple(self._controller.pages.shown)

    def _cropped_of(self, page: tuple[int, ...]) -> Cropped | None:
        """Return what is around the place of a page of edits of one picture; None of another."""
        births = self._controller.pages.cards.births
        parents = {births[id].parents[:1] for id in page}
        if len(parents) != 1 or any(births[id].origin.operator not in PLACED for id in page):
            return None
        try:
            edits = [self._controller.genome(id).edit for id in (page[0], page[-1])]
        except FancierError:  # the inspector shows it
            return None
        masks = [edit.mask for edit in edits if edit is not None and edit.mask is not None]
        if len(masks) != len(edits) or not all(mask.any() for mask in masks):
            return None
        return Cropped(around(masks[0] | masks[-1]))
