"""Masks: which cells of a latent an edit leaves free, found from a map, reshaped, or drawn.

A map of differences becomes a mask by its *mass*: cells are taken in order until they hold a share
of all that stands out. A fixed threshold of a normalised map, as in DiffEdit (Couairon et al. 2022,
section 3.2), is ruled by the largest cell: one that dominates leaves nothing of the rest.

Masks are bool (height, width) of the latent, True where it is free. No function changes its
arguments.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from evolve.errors import GenomeError

Mask = NDArray[np.bool_]
Map = NDArray[np.float32]

MASS = 0.6
"""Share of what stands out that the cells of a place hold."""
MOST = 0.2
"""Largest share of the picture that a place has, before its ring."""
LESSER = 0.25
"""Mass of the smallest blob that is kept, relative to the largest: the second lens of glasses has
about the mass of the first, a stray cell has not."""
NEXT = 0.35
"""A cell beside a blob belongs to it if its difference has this share of the blob's mean."""
WHITE = 128
"""Grey value from which a pixel of a drawn mask is white: free."""


def located(
    difference: Map,
    *,
    mass: float = MASS,
    most: float = MOST,
    ring: int = 1,
    lesser: float = LESSER,
) -> Mask:
    """Return the place where a map of differences has its mass.

    What stands out is the difference above the floor that most of the map lies at (Otsu's threshold
    splits the two; Otsu 1979). Cells are taken, the largest first, until they hold `mass` of it;
    connected ones are a blob, and grow along the difference; blobs with less than `lesser` of the
    largest one's mass are dropped. The rest, grown by `ring` cells, is the place.

    Args:
        difference: (height, width), finite; what is not above 0 is no difference.
        mass: Share of the difference above the floor that the cells hold, above 0 up to 1.
        most: Largest share of the picture that the cells may have, above 0 up to 1; the ring is
            not counted.
        ring: How many cells the place is grown by: a decoder paints a cell from its neighbours too.
        lesser: Share of the largest blob's mass that others need, 0 to 1.

    Raises:
        GenomeError: The map is not of this kind, or nothing in it stands out.
    """
    if difference.ndim != 2 or not difference.size or not np.isfinite(difference).all():
        raise GenomeError(
            "a map of differences must be finite and of shape (height, width), "
            f"but has shape {difference.shape}"
        )
    if not (0 < mass <= 1 and 0 < most <= 1 and ring >= 0 and 0 <= lesser <= 1):
        raise GenomeError("mass and most must be above 0 and at most 1, and ring not negative")
    excess = np.maximum(difference.astype(np.float64) - _floor(difference), 0)
    if not excess.any():
        raise GenomeError("nothing in the map of differences stands out")
    limit = max(1, int(most * excess.size))
    order = np.argsort(-excess, axis=None, kind="stable")[:limit]
    held = np.cumsum(excess.flat[order]) / excess.sum()
    count = min(limit, int(np.searchsorted(held, mass)) + 1)
    taken = np.zeros(excess.shape, dtype=bool)
    taken.flat[order[:count]] = True
    taken &= excess > 0
    parts = [_along(blob, excess, limit) for blob in blobs(taken)]
    weights = [float(excess[part].sum()) for part in parts]
    place = np.zeros(excess.shape, dtype=bool)
    for part, weight in sorted(zip(parts, weights, strict=True), key=lambda each: -each[1]):
        if weight >= lesser * max(weights) and (not place.any() or (place | part).sum() <= limit):
            place |= part
    return grow(place, ring)


def blobs(mask: Mask) -> list[Mask]:
    """Return the connected parts of a mask, cells that touch at a corner included."""
    left, found = mask.copy(), []
    while left.any():
        blob = np.zeros_like(left)
        reached = deque([_first(left)])
        left[reached[0]] = False
        while reached:
            cell = reached.popleft()
            blob[cell] = True
            for near in _around(cell, left.shape):
                if left[near]:
                    left[near] = False
                    reached.append(near)
        found.append(blob)
    return found


def grow(mask: Mask, by: int = 1) -> Mask:
    """Return the mask with `by` rings of cells around it, those that share a side."""
    for _ in range(by):
        padded = np.pad(mask, 1)
        rows, columns = padded[:, 1:-1], padded[1:-1]
        mask = rows[:-2] | rows[1:-1] | rows[2:] | columns[:, :-2] | columns[:, 2:]
    return mask.copy()


def shrink(mask: Mask, by: int = 1) -> Mask:
    """Return the mask without `by` rings of its cells; one that would vanish stays as it is.

    The border of the picture is no edge: there is nothing beyond it to keep.
    """
    for _ in range(by):
        padded = np.pad(mask, 1, constant_values=True)
        rows, columns = padded[:, 1:-1], padded[1:-1]
        smaller = rows[:-2] & rows[1:-1] & rows[2:] & columns[:, :-2] & columns[:, 2:]
        if not smaller.any():
            break
        mask = smaller
    return mask.copy()


def moved(mask: Mask, down: int, right: int) -> Mask:
    """Return the mask moved by whole cells, at most to the border: it loses none of its cells."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not rows.size:
        return mask.copy()
    down = int(np.clip(down, -rows[0], mask.shape[0] - 1 - rows[-1]))
    right = int(np.clip(right, -columns[0], mask.shape[1] - 1 - columns[-1]))
    return np.roll(mask, (down, right), (0, 1))  # what is rolled over the border is empty


def to_picture(mask: Mask, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a mask as a grey picture: 255 where it is free, 0 where it holds.

    Args:
        mask: (height, width) of the latent.
        size: Height and width of the picture in pixels, whole multiples of the mask's.

    Raises:
        GenomeError: They are not.
    """
    if any(pixels <= 0 or pixels % cells for pixels, cells in zip(size, mask.shape, strict=True)):
        raise GenomeError(
            f"a picture of {size[1]}x{size[0]} pixels does not divide into "
            f"{mask.shape[1]}x{mask.shape[0]} cells"
        )
    cells = mask.repeat(size[0] // mask.shape[0], 0).repeat(size[1] // mask.shape[1], 1)
    return cells.astype(np.uint8) * np.uint8(255)


def from_picture(pixels: NDArray[np.uint8], shape: tuple[int, int], *, least: float = 0.0) -> Mask:
    """Return the mask that a grey picture shows: free is every cell with a white pixel in it.

    Args:
        pixels: (height, width) grey, of any size with the proportions of the latent; white, from
            128 up, is free.
        shape: Height and width of the latent.
        least: Share of a cell's pixels that must be white, 0 to 1: 0 frees a cell that is touched
            at all, 0.5 one that is mostly white.

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
            f"or {columns}x{rows} at the least"
        )
    # By more than one cell: tools round sizes in their own ways.
    if abs(height * columns - width * rows) > max(width, height):
        raise GenomeError(
            f"the mask of {width}x{height} pixels has not the proportions of the picture, "
            f"{columns}:{rows}: give it the size of the picture"
        )
    white = np.zeros((height + 1, width + 1))
    white[1:, 1:] = (pixels >= WHITE).cumsum(0).cumsum(1)
    top, bottom = _cuts(height, rows)
    left, right = _cuts(width, columns)
    inside = white[bottom][:, right] - white[top][:, right] - white[bottom][:, left]
    inside += white[top][:, left]
    area = np.outer(bottom - top, right - left)
    mask: Mask = (inside > 0) & (inside >= least * area)
    if not mask.any():
        raise GenomeError("the mask has nothing white: paint white what is to change")
    return mask


def _floor(difference: Map) -> float:
    """Return Otsu's threshold: where the variance between those below and above is largest.

    Of the square roots, so that one cell that dominates is not split from all others; exact, over
    all values rather than a histogram of them. What is below 0 counts as 0.
    """
    values = np.sort(np.sqrt(np.maximum(difference.astype(np.float64), 0)), axis=None)
    below = np.arange(1, values.size)
    sums = np.cumsum(values)[:-1]
    means = sums / below, (values.sum() - sums) / (values.size - below)
    between = below * (values.size - below) * (means[1] - means[0]) ** 2
    return float(values[between.argmax() if between.size else 0] ** 2)


def _along(blob: Mask, excess: NDArray[np.float64], limit: int) -> Mask:
    """Return a blob grown over neighbours whose difference is not much less than its own."""
    enough = excess >= NEXT * excess[blob].mean()
    while (larger := grow(blob) & (enough | blob)).sum() <= limit:
        if (larger == blob).all():
            break
        blob = larger
    return blob


def _first(mask: Mask) -> tuple[int, int]:
    row, column = np.unravel_index(int(mask.argmax()), mask.shape)
    return int(row), int(column)


def _around(cell: tuple[int, int], shape: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    for row in range(max(0, cell[0] - 1), min(shape[0], cell[0] + 2)):
        for column in range(max(0, cell[1] - 1), min(shape[1], cell[1] + 2)):
            yield row, column


def _cuts(pixels: int, cells: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where cells begin and end along a side; where they do not divide it, they share."""
    edges = np.arange(cells + 1) * pixels
    return edges[:-1] // cells, -(-edges[1:] // cells)
