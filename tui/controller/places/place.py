"""A place on a picture: cells that are marked, a box among them, and how much changes there.

Cells are those of the latent, so that what is seen is what is painted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evolve.genome import masks
from evolve.genome.masks import Box as Shares
from tui.drawing.blocks import Pixels

Cells = NDArray[np.bool_]

STEPS = 16
"""Steps across a picture, for arrows: one cell where it has no more of them."""
DIM = 0.4
"""How bright the picture is outside the place."""
MARGIN = 0.25
"""What is seen around a place that is enlarged, in shares of its size."""
LEAST_PART = 0.3
"""Share of the picture's width and height that is enlarged at least."""
BRUSH = np.array([255, 220, 0], np.uint8)
"""Colour of the cell that the keys point to."""


class Box(NamedTuple):
    """A box in cells."""

    left: int
    top: int
    width: int
    height: int


class Far(NamedTuple):
    """How far back to noise the pictures of a page go in a place."""

    label: str
    depth: float | None
    """Share of the way back to noise; None for a page of several."""
    taken: float | None
    """The same where a part of another picture is taken: the larger, the less it guides."""


FAR = (
    Far("some more, some less", None, None),
    Far("a little", 0.5, 0.2),
    Far("some", 0.75, 0.35),
    Far("much", 0.9, 0.5),
    Far("all of it", 1.0, 0.7),
)
"""In the order of the key; the first holds until another is chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Which cells of a picture are marked."""

    cells: Cells
    """(height, width), True where it is marked, without the box."""
    box: Box | None = None
    """The box that arrows move; None to move all that is marked."""

    @classmethod
    def of_box(cls, shape: tuple[int, int]) -> Place:
        """Return a place that is one box, in the middle of the lower half."""
        return cls(np.zeros(shape, np.bool_)).with_box()

    @property
    def mask(self) -> Cells:
        """All that is marked, (height, width)."""
        mask = self.cells.copy()
        if self.box is not None:
            left, top, width, height = self.box
            mask[top : top + height, left : left + width] = True
        return mask

    @property
    def share(self) -> float:
        """Share of the picture that is marked, 0 to 1."""
        return float(self.mask.mean())

    @property
    def bounds(self) -> Shares | None:
        """Left, top, right and bottom of all that is marked, in shares; None if nothing is."""
        mask = self.mask
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows):
            return None
        height, width = mask.shape
        left, right = columns[0] / width, (columns[-1] + 1) / width
        return left, rows[0] / height, right, (rows[-1] + 1) / height

    def moved(self, right: int, down: int) -> Place:
        """Return it with the box, or all of it, moved by steps, at most to the edge."""
        right, down = right * self._step(1), down * self._step(0)
        if self.box is None:
            return replace(self, cells=masks.moved(self.cells, down, right))
        left, top, width, height = self.box
        rows, columns = self.cells.shape
        left = max(0, min(left + right, columns - width))
        top = max(0, min(top + down, rows - height))
        return replace(self, box=Box(left, top, width, height))

    def stretched(self, right: int, down: int, *, far: bool = True) -> Place:
        """Return it with a corner of the box moved, the lower right one (`far`) or the upper left.

        Without a box all that is marked is stretched in that direction.
        """
        right, down = right * self._step(1), down * self._step(0)
        rows, columns = self.cells.shape
        if self.box is None:
            return replace(self, cells=self.cells | _shifted(self.cells, down, right))
        left, top, width, height = self.box
        if far:
            width = max(1, min(width + right, columns - left))
            height = max(1, min(height + down, rows - top))
            return replace(self, box=Box(left, top, width, height))
        end, bottom = left + width, top + height
        left = max(0, min(left + right, end - 1))
        top = max(0, min(top + down, bottom - 1))
        return replace(self, box=Box(left, top, end - left, bottom - top))

    def grown(self, by: int) -> Place:
        """Return it larger (1) or smaller (-1) by a cell all around."""
        if self.box is None:
            resized = masks.grow(self.cells) if by > 0 else masks.shrink(self.cells)
            return replace(self, cells=resized)
        rows, columns = self.cells.shape
        left, top, width, height = self.box
        end, bottom = min(columns, left + width + by), min(rows, top + height + by)
        left, top = max(0, left - by), max(0, top - by)
        if end <= left or bottom <= top:
            return self
        return replace(self, box=Box(left, top, end - left, bottom - top))

    def with_box(self) -> Place:
        """Return it with another box, which is moved from now on; the one before stays."""
        rows, columns = self.cells.shape
        width, height = max(1, columns // 2), max(1, rows * 3 // 8)
        if self.mask.any():  # a smaller one: the first is there already
            width, height = max(1, columns // 4), max(1, rows // 4)
        return Place(self.mask, Box((columns - width) // 2, rows // 2, width, height))

    def brushed(self, where: Cells | tuple[int, int], on: bool) -> Place:
        """Return it with cells marked or not: those of a mask, or the one in row and column."""
        cells = self.mask
        cells[where] = on
        return Place(cells)

    def cleared(self) -> Place:
        """Return it with nothing marked."""
        return Place(np.zeros_like(self.cells))

    def _step(self, axis: int) -> int:
        cells: int = self.cells.shape[axis]
        return max(1, cells // STEPS)


def in_words(shares: Shares) -> str:
    """Return where a rectangle is: left, top, right and bottom as shares of the picture."""
    left, top, right, bottom = (f"{edge:.0%}" for edge in shares)
    return f"from {left} to {right} across, {top} to {bottom} down"


def around(mask: Cells) -> Shares:
    """Return a box around a place, with a margin and not very small, as shares of the picture.

    It has the proportions of the picture; where nothing is marked, it is all of it.
    """
    left, top, right, bottom = Place(mask).bounds or (0.0, 0.0, 1.0, 1.0)
    side = max(right - left, bottom - top) * (1 + 2 * MARGIN)
    side = min(1.0, max(LEAST_PART, side))
    x = min(max(0.0, (left + right - side) / 2), 1 - side)
    y = min(max(0.0, (top + bottom - side) / 2), 1 - side)
    return float(x), float(y), float(x + side), float(y + side)


def marked(
    pixels: Pixels,
    mask: Cells,
    brush: tuple[int, int] | None = None,
    *,
    inside: Pixels | None = None,
) -> Pixels:
    """Return a picture dimmed outside a place, which has a frame in the opposite colours.

    Args:
        pixels: The picture, of any size.
        mask: (height, width) of the latent.
        brush: Row and column of the cell that the keys point to.
        inside: Another picture of the same size, which is seen inside; None for the same one.
    """
    height, width = pixels.shape[:2]
    free = _at_pixels(mask, height, width)
    within = pixels if inside is None else inside
    shown = np.where(free[..., None], within, (pixels * DIM).astype(np.uint8))
    line = max(1, width // 128)
    core = free
    for _ in range(line):
        padded = np.pad(core, 1, constant_values=True)
        core = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:] & core
    edge = free & ~core
    shown[edge] = 255 - within[edge]
    if brush is not None:
        cell = np.zeros_like(mask)
        cell[brush] = True
        shown[_at_pixels(cell, height, width)] = BRUSH
    return shown


def _at_pixels(mask: Cells, height: int, width: int) -> Cells:
    rows, columns = mask.shape
    at: Cells = mask[
        np.arange(height)[:, None] * rows // height, np.arange(width)[None] * columns // width
    ]
    return at


def _shifted(cells: Cells, down: int, right: int) -> Cells:
    """Return cells moved, those that leave the picture lost."""
    rows, columns = cells.shape
    padded = np.pad(cells, ((abs(down),) * 2, (abs(right),) * 2))
    moved: Cells = np.roll(padded, (down, right), (0, 1))
    return moved[abs(down) : abs(down) + rows, abs(right) : abs(right) + columns]
