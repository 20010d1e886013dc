"""Pictures made smaller without losing their thin lines.

An area mean washes a line of one pixel out over all that it is merged with: lids, lips and strands
of hair are the first to go. Here what differs from its surroundings counts more.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
"""Picture, (height, width, 3) RGB."""
THUMBNAIL = 256
"""Pixels kept on the longer side for blocks: more than any terminal shows."""
SHARP = 640
"""Pixels kept on the longer side for real pixels."""
MOST = 4
"""Pixels across and down that are weighed for one; finer detail is averaged before."""
EVEN = np.float32(16)
"""Weight of every pixel beside its distance in levels: noise is averaged, lines are not."""


class UnfinishedPicture(np.ndarray):
    """A picture still being painted, which is shown too briefly to be worth much work."""


def shrink(picture: Pixels, longest: int = THUMBNAIL) -> Pixels:
    """Return the picture with at most `longest` pixels on its longer side."""
    height, width = picture.shape[:2]
    factor = longest / max(height, width)
    if factor >= 1:
        return picture
    return shrunk(picture, max(1, round(width * factor)), max(1, round(height * factor)))


def shrunk(pixels: Pixels, width: int, height: int) -> Pixels:
    """Return a picture of `width` x `height` pixels in which thin lines stay visible.

    After Weber, Waechter, Amend, Guthe, Goesele: Rapid, Detail-Preserving Image Downscaling, 2016,
    equations 1 to 3 with λ = 1: a pixel is the mean of those that it stands for, weighted by how
    far they are from their surroundings (the area mean, smoothed over 3 x 3 of its pixels; the
    distance is the sum over the channels, and `EVEN` is added to it). Where nothing is merged,
    pixels are interpolated.

    Args:
        pixels: (rows, columns, 3) uint8.
        width: Columns of the result, at least 1.
        height: Rows of the result, at least 1.
    """
    rows, columns = pixels.shape[:2]
    across, down = (
        max(1, min(MOST, round(old / new))) for old, new in ((columns, width), (rows, height))
    )
    fine = Image.fromarray(pixels)
    size = width * across, height * down
    if fine.size != size:
        larger = columns < size[0] or rows < size[1]
        how = Image.Resampling.BILINEAR if larger else Image.Resampling.BOX
        fine = fine.resize(size, how, reducing_gap=2.0)
    if across == down == 1:
        return np.asarray(fine)
    around = _smooth(np.asarray(fine.resize((width, height), Image.Resampling.BOX)))
    each = np.asarray(fine, np.float32)
    total, mean = np.zeros((height, width, 1), np.float32), np.zeros_like(around)
    for row in range(down):
        for column in range(across):
            part = each[row::down, column::across]
            away = np.abs(part - around)
            weight = away[..., :1] + away[..., 1:2] + away[..., 2:] + EVEN
            total += weight
            mean += weight * part
    return (mean / total + np.float32(0.5)).astype(np.uint8)


def _smooth(picture: Pixels) -> NDArray[np.float32]:
    """Return the picture under a binomial of 3 x 3."""
    padded = np.pad(picture.astype(np.float32), ((1, 1), (1, 1), (0, 0)), "edge")
    across = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    smooth: NDArray[np.float32] = (across[:-2] + 2 * across[1:-1] + across[2:]) / np.float32(16)
    return smooth
