"""Masks: the cells of a latent that an edit leaves free, found from a map, reshaped, or drawn.

The mask of a map of differences is the number of largest cells that hold most of its mass for their
number. A fixed threshold of a normalised map, as in DiffEdit (Couairon et al. 2022, section 3.2),
depends on the largest cell alone, and cuts a mouth and a head of hair at the same height, though
one is a peak and the other a plain.

Masks are bool (height, width) of the latent, True where it is free.
"""

from __future__ import annotations

import functools
import math
from bisect import bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError

Mask = NDArray[np.bool_]
Map = NDArray[np.float32]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom in shares of the picture, 0 to 1."""

SHARPNESS = 0.55
"""0 would take every cell above the floor, 1 the largest alone. Of a sum of n cells with
independent noise, n^0.5 is the noise; that of neighbours is related."""
FLOOR = 0.35
"""Share of the cells that certainly do not belong to a place."""
BLUR = 0.4
"""Weight of the four neighbours of a cell beside its own."""
LEAST = 3.0
"""Least difference of the largest cell, in deviations of no change, for there to be a place."""
MOST = 0.5
"""Largest share of the picture for a place without its ring."""
ROOM = 2 / 3
"""The same with its ring: something around it has to stay."""
LESSER = 0.05
"""Mass of the smallest blob that is kept, relative to the largest: the second lens of glasses and
the ends of long hair are kept, a stray cell is not."""
WHITE = 128
"""Grey value from which a pixel of a drawn mask is white: free."""


def located(difference: Map, *, lesser: float = LESSER, ring: int = 1) -> Mask:
    """Return the place where a map of differences has its mass.

    With e_1 >= e_2 >= ... the excess of each cell above the floor, it begins with the n largest
    cells, for the n that maximises

        (e_1 + ... + e_n) / n^SHARPNESS

    which is few for a peak and all of a plain. Connected cells are a blob; small blobs are dropped.
    The rest, grown by a ring, is the place; if that has more than `ROOM` of the picture, it begins
    with fewer cells.

    Args:
        difference: (height, width), finite, in deviations of no change; 0 or less for none.
        lesser: Share of the largest blob's mass that others need, 0 to 1.
        ring: Cells by which the place is grown: a decoder paints a cell from its neighbours too.

    Raises:
        GenomeError: The map is not of this kind, or nothing in it stands out.
    """
    if difference.ndim != 2 or not difference.size or not np.isfinite(difference).all():
        raise GenomeError(
            "a map of differences must be finite and of shape (height, width), "
            f"but has shape {difference.shape}"
        )
    excess = _excess(difference)
    if not excess.any():
        raise GenomeError("nothing in the map of differences stands out")
    order = np.argsort(-excess, axis=None, kind="stable")[: max(1, int(MOST * excess.size))]
    counts = np.arange(1, order.size + 1)
    count = int(np.argmax(np.cumsum(excess.flat[order]) / counts**SHARPNESS)) + 1

    @functools.cache
    def place(count: int) -> Mask:
        return grow(_large(excess, order[:count], lesser), ring)

    if place(count).mean() > ROOM:
        # Where cells lie scattered, or are many, their rings meet all over the picture.
        fits = bisect_right(range(1, count), ROOM, key=lambda fewer: float(place(fewer).mean()))
        count = max(1, fits)
    return place(count)


def _large(excess: NDArray[np.float64], cells: NDArray[np.int64], lesser: float) -> Mask:
    """Return some cells, but for blobs of less than a share of the mass of the largest."""
    taken = np.zeros(excess.shape, dtype=bool)
    taken.flat[cells] = True
    parts = blobs(taken & (excess > 0))
    least = lesser * max(float(excess[part].sum()) for part in parts)
    kept: Mask = np.any([part for part in parts if excess[part].sum() >= least], axis=0)
    return kept


def stands_out(difference: Map) -> bool:
    """Return whether there is a place in a map of differences."""
    return bool(_excess(difference).any())


def _excess(difference: Map) -> NDArray[np.float64]:
    """Return the excess of each cell above the floor; 0 if none surely differs."""
    values = _blurred(difference.astype(np.float64))
    if difference.max() < LEAST:
        return np.zeros_like(values)
    return np.maximum(values - max(0.0, float(np.quantile(values, FLOOR))), 0)


def in_one_piece(difference: Map) -> Map:
    """Return a map of differences in which only the largest blob stands out, if any does."""
    try:
        place = located(difference, ring=0, lesser=0)
    except GenomeError:
        return difference
    largest = max(blobs(place), key=lambda blob: float(difference[blob].sum()))
    return np.where(grow(place & ~largest) & ~largest, min(0, difference.min()), difference)


def widened(difference: Map) -> Map:
    """Return a map in which each cell has the maximum of it and the four beside it."""
    wide: Map = np.max([difference, *_beside(np.pad(difference, 1, mode="edge"))], axis=0)
    return wide


def mask_of(box: Box, shape: tuple[int, int]) -> Mask:
    """Return the mask of a box: every cell that it touches, of a latent's (height, width).

    Raises:
        GenomeError: The box is empty or lies outside the picture.
    """
    left, top, right, bottom = box
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise GenomeError(
            f"the region {left:g},{top:g},{right:g},{bottom:g} is not inside the picture: "
            "give left, top, right, bottom, each from 0 to 1, or in pixels"
        )
    height, width = shape
    # The edges of cells are seldom exact in floating point: 0.3 * 10 must not touch a fourth cell.
    x0, y0 = math.floor(left * width + 1e-6), math.floor(top * height + 1e-6)
    x1, y1 = math.ceil(right * width - 1e-6), math.ceil(bottom * height - 1e-6)
    mask = np.zeros(shape, dtype=bool)
    mask[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)] = True
    return mask


def blobs(mask: Mask) -> list[Mask]:
    """Return the connected parts of a mask, cells that touch at a corner included."""
    labels = np.where(mask, np.arange(mask.size, 0, -1).reshape(mask.shape), 0)
    while True:  # each cell takes the largest number beside it, that of the first cell in the end
        wide = np.pad(labels, 1)
        wide = np.max([wide[:-2], wide[1:-1], wide[2:]], axis=0)
        wide = np.where(mask, np.max([wide[:, :-2], wide[:, 1:-1], wide[:, 2:]], axis=0), 0)
        if np.array_equal(wide, labels):
            return [labels == label for label in np.unique(labels[mask])[::-1]]
        labels = wide


def grow(mask: Mask, by: int = 1) -> Mask:
    """Return the mask with `by` rings of cells around it, those that share a side."""
    for _ in range(by):
        mask = np.any([mask, *_beside(np.pad(mask, 1))], axis=0)
    return mask.copy()


def shrink(mask: Mask, by: int = 1) -> Mask:
    """Return the mask without `by` rings of its cells; it does not vanish.

    The border of the picture is no edge: there is nothing beyond it to keep.
    """
    for _ in range(by):
        smaller = ~grow(~mask)
        if not smaller.any():
            break
        mask = smaller
    return mask.copy()


def moved(mask: Mask, down: int, right: int) -> Mask:
    """Return the mask moved by whole cells, at most to the border."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not rows.size:
        return mask.copy()
    down = int(np.clip(down, -rows[0], mask.shape[0] - 1 - rows[-1]))
    right = int(np.clip(right, -columns[0], mask.shape[1] - 1 - columns[-1]))
    return np.roll(mask, (down, right), (0, 1))  # rows and columns that wrap around are empty


def to_picture(mask: Mask, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a mask as a grey picture: 255 where it is free, 0 where it holds.

    Raises:
        GenomeError: Height and width of the picture are no whole multiples of the mask's.
    """
    if any(pixels <= 0 or pixels % cells for pixels, cells in zip(size, mask.shape, strict=True)):
        raise GenomeError(
            f"a picture of {size[1]}x{size[0]} pixels does not divide into "
            f"{mask.shape[1]}x{mask.shape[0]} cells"
        )
    cells = mask.repeat(size[0] // mask.shape[0], 0).repeat(size[1] // mask.shape[1], 1)
    return cells.astype(np.uint8) * np.uint8(255)


def from_picture(pixels: NDArray[np.uint8], shape: tuple[int, int]) -> Mask:
    """Return the mask, of a latent's (height, width), of a grey picture: white cells are free.

    The picture has any size with the proportions of the latent. Of the pixels of a white cell at
    least one is 128 or more.

    Raises:
        GenomeError: Nothing is white, or the picture has other proportions or fewer pixels than
            the latent has cells.
    """
    if pixels.ndim != 2 or pixels.dtype != np.uint8:
        raise GenomeError(
            f"a mask must be a grey picture, uint8 of shape (height, width), but is "
            f"{pixels.dtype} of shape {pixels.shape}"
        )
    (height, width), (rows, columns) = pixels.shape, shape
    if height < rows or width < columns:
        raise GenomeError(
            f"the mask of {width}x{height} pixels is too small: give it the size of the picture, "
            f"or at least {columns}x{rows}"
        )
    # By more than one cell: programs round sizes in different ways.
    if abs(height * columns - width * rows) > max(width, height):
        raise GenomeError(
            f"the mask of {width}x{height} pixels does not have the proportions of the picture, "
            f"{columns}:{rows}: give it the size of the picture"
        )
    white = np.zeros((height + 1, width + 1))
    white[1:, 1:] = (pixels >= WHITE).cumsum(0).cumsum(1)
    top, bottom = _cuts(height, rows)
    left, right = _cuts(width, columns)
    inside = white[bottom][:, right] - white[top][:, right] - white[bottom][:, left]
    inside += white[top][:, left]
    mask: Mask = inside > 0
    if not mask.any():
        raise GenomeError("the mask has nothing white: paint white what is to change")
    return mask


def _blurred(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a map in which each cell is mixed with the four beside it."""
    beside = sum(_beside(np.pad(values, 1, mode="edge"))) / 4
    return (1 - BLUR) * values + BLUR * beside


def _beside(padded: NDArray[Any]) -> tuple[NDArray[Any], ...]:
    """Return the cells above, below, left and right of each cell but those of the rim."""
    rows, columns = padded[:, 1:-1], padded[1:-1]
    return rows[:-2], rows[2:], columns[:, :-2], columns[:, 2:]


def _cuts(pixels: int, cells: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where cells begin and end along a side; they overlap if they do not divide it."""
    edges = np.arange(cells + 1) * pixels
    return edges[:-1] // cells, -(-edges[1:] // cells)
