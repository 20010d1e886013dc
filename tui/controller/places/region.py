"""A box on a picture, moved and resized in steps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from textual.cache import LRUCache

from evolve.genome.masks import Box as Shares
from tui.controller.places.place import Box, Cells, Place, in_words
from tui.drawing.blocks import Pixels

GRID = 16
"""Steps across and down a picture."""
LEAST = 2
"""Steps that a box is wide and high at least: a smaller one would hold next to nothing."""
MOST = 64
"""Parts that are kept: those of a page and some before."""


@dataclass(frozen=True, slots=True)
class Region:
    """A box on a picture, in steps from its upper left corner."""

    left: int = 4
    top: int = 8
    width: int = 8
    height: int = 6

    @classmethod
    def near(cls, shares: Shares) -> Region:
        """Return the box nearest to a rectangle: left, top, right, bottom as shares."""
        left, top, right, bottom = (round(share * GRID) for share in shares)
        left, top = min(left, GRID - LEAST), min(top, GRID - LEAST)
        return cls(left, top, max(LEAST, right - left), max(LEAST, bottom - top))

    def centred(self, shares: Shares) -> Region:
        """Return the box with its middle where that of a rectangle is, as far as there is room."""
        left, top, right, bottom = (share * GRID for share in shares)
        x, y = (left + right - self.width) / 2, (top + bottom - self.height) / 2
        return self.move(round(x) - self.left, round(y) - self.top)

    def move(self, right: int, down: int) -> Region:
        """Return the box moved, at most to the edge of the picture."""
        return replace(
            self,
            left=max(0, min(self.left + right, GRID - self.width)),
            top=max(0, min(self.top + down, GRID - self.height)),
        )

    def grow(self, right: int, down: int) -> Region:
        """Return the box with its lower right corner moved."""
        return replace(
            self,
            width=max(LEAST, min(self.width + right, GRID - self.left)),
            height=max(LEAST, min(self.height + down, GRID - self.top)),
        )

    @property
    def shares(self) -> Shares:
        """Left, top, right and bottom as shares of the picture."""
        edges = self.left, self.top, self.left + self.width, self.top + self.height
        left, top, right, bottom = (edge / GRID for edge in edges)
        return left, top, right, bottom

    @property
    def cells(self) -> Cells:
        """The box as cells, (GRID, GRID)."""
        box = Box(self.left, self.top, self.width, self.height)
        return Place(np.zeros((GRID, GRID), np.bool_), box).mask

    def __str__(self) -> str:
        return in_words(self.shares)


class Cropped:
    """The same part of many pictures: of one picture always the same array, drawn once."""

    def __init__(self, shares: Shares) -> None:
        """Give what is between left, top, right and bottom, as shares of a picture."""
        self.shares = shares
        self._kept: LRUCache[int, tuple[Pixels, Pixels]] = LRUCache(MOST)

    def of(self, pixels: Pixels) -> Pixels:
        """Return the part of a picture that is inside the box."""
        if (kept := self._kept.get(id(pixels))) is not None:
            return kept[1]
        height, width = pixels.shape[:2]
        left, top, right, bottom = self.shares
        x0, y0 = int(left * width), int(top * height)
        x1, y1 = max(x0 + 1, round(right * width)), max(y0 + 1, round(bottom * height))
        cut = pixels[y0:y1, x0:x1]
        self._kept[id(pixels)] = pixels, cut  # the picture, too: no other gets its id meanwhile
        return cut
