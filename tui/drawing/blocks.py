"""Pictures as block characters: an array of pixels in, lines for Textual out.

A cell shows two colours. With quadrant blocks it is cut into 2 x 2 pixels, with sextants into
2 x 3, with octants into 2 x 4: the two that differ most lead, and each of the others goes with the
one that it is more like; the brighter ones take the foreground colour. With half blocks a cell is
1 x 2. In ASCII it is one pixel, and its character says how bright it is.
Colours keep 5 bits a channel: no eye sees the difference in a thumbnail, and the few thousand
styles left over can be shared, which is what makes repainting fast (Textual caches the escape
sequence in the style).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.drawing.octants import OCTANTS
from tui.drawing.shrinking import Pixels, shrunk

__all__ = ["Blocks", "Pixels", "fit", "to_strips"]


class Blocks(StrEnum):
    """Which characters a picture is made of."""

    OCTANT = "octant"
    SEXTANT = "sextant"
    QUADRANT = "quadrant"
    HALF = "half"
    ASCII = "ascii"
    NONE = "none"
    """No picture at all, but a description in words."""


_QUADRANTS = np.array(list(" ▗▖▄▝▐▞▟▘▚▌▙▀▜▛█"))
"""By code: 8 is top left, 4 top right, 2 bottom left, 1 bottom right."""
_SEXTANTS = np.array([*map(chr, range(0x1FB00, 0x1FB3C))])
_SEXTANTS = np.array([" ", *_SEXTANTS[:20], "▌", *_SEXTANTS[20:40], "▐", *_SEXTANTS[40:], "█"])
"""By code: 1 and 2 are the upper row, 4 and 8 the middle, 16 and 32 the lower, left to right."""
_CELLS: Mapping[Blocks, tuple[int, int, NDArray[np.str_], NDArray[np.int_]]] = {
    Blocks.QUADRANT: (2, 2, _QUADRANTS, np.array([8, 4, 2, 1])),
    Blocks.SEXTANT: (3, 2, _SEXTANTS, 1 << np.arange(6)),
    Blocks.OCTANT: (4, 2, np.array(OCTANTS), 1 << np.arange(8)),
    Blocks.HALF: (2, 1, np.array(["▀"]), np.array([0, 0])),
}
"""Pixels down and across in a cell, its characters, and the codes of its pixels in order."""
_RAMP = np.array(list(" .:-=+*#%@"))
_LUMA = np.array([299, 587, 114])
_PACK = np.array([1 << 10, 1 << 5, 1])


def fit(width: int, height: int, aspect: float) -> tuple[int, int]:
    """Return the largest size in cells with `aspect` (width / height in pixels) that fits.

    A cell is twice as high as wide. The result is at least one cell.
    """
    columns = min(width, round(height * 2 * aspect))
    rows = min(height, round(columns / 2 / aspect))
    return max(1, columns), max(1, rows)


def to_strips(
    pixels: Pixels, width: int, height: int, blocks: Blocks = Blocks.QUADRANT
) -> list[Strip]:
    """Draw a picture as `height` lines of `width` cells, stretched to fill them."""
    if blocks is Blocks.ASCII:
        return _ascii(pixels, width, height)
    down, across, glyphs, codes = _CELLS[blocks]
    cells = (
        shrunk(pixels, width * across, height * down)
        .astype(np.int32)
        .reshape(height, down, width, across, 3)
        .swapaxes(1, 2)
        .reshape(height, width, down * across, 3)
    )  # (rows, columns, parts of a cell, rgb)
    if blocks is Blocks.HALF:  # the upper pixel is in front, whichever is brighter
        return _lines(np.full((height, width), "▀"), cells[:, :, 0], cells[:, :, 1])
    lit = _lit(cells)
    count = lit.sum(-1, keepdims=True)
    light = (cells * lit[..., None]).sum(2)
    dark = (cells.sum(2) - light) // (down * across - count)  # one part at least is never lit
    light = np.where(count > 0, light // np.maximum(count, 1), dark)  # flat cells have one colour
    return _lines(glyphs[lit @ codes], light, dark)


def _lit(cells: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which parts of each cell (rows, columns, parts, rgb) are in front.

    Not by brightness alone: red lips are as bright as the skin around them.
    """

    def farthest(start: NDArray[np.int32]) -> NDArray[np.int32]:
        away = cells - start
        which = (away * away).sum(-1).argmax(-1)[..., None, None]
        return np.take_along_axis(cells, which, 2)

    one = farthest(cells.sum(2, keepdims=True) // cells.shape[2])
    other = farthest(one)
    swap = (one @ _LUMA < other @ _LUMA)[..., None]
    front, back = np.where(swap, other, one), np.where(swap, one, other)
    lit: NDArray[np.bool_] = ((2 * cells - front - back) * (front - back)).sum(-1) > 0
    return lit


def _ascii(pixels: Pixels, width: int, height: int) -> list[Strip]:
    """Draw with characters as bright as the picture, in its colours on black."""
    cells = shrunk(pixels, width, height).astype(np.int32)
    bright = (cells @ _LUMA) * len(_RAMP) // (256 * 1000)
    return _lines(_RAMP[bright], np.maximum(cells, 96), np.zeros_like(cells))


def _lines(
    glyphs: NDArray[np.str_], front: NDArray[np.int32], back: NDArray[np.int32]
) -> list[Strip]:
    """Join neighbours of one style into segments."""
    height, width = glyphs.shape
    keys = ((front >> 3) @ _PACK) << 15 | ((back >> 3) @ _PACK)
    starts = np.ones((height, width), bool)
    starts[:, 1:] = keys[:, 1:] != keys[:, :-1]
    strips = []
    for row in range(height):
        text = "".join(glyphs[row].tolist())
        at = np.flatnonzero(starts[row])
        ends = [*at[1:].tolist(), width]
        strips.append(
            Strip(
                [
                    Segment(text[start:end], _style(key))
                    for start, end, key in zip(
                        at.tolist(), ends, keys[row, at].tolist(), strict=True
                    )
                ],
                width,
            )
        )
    return strips


@lru_cache(maxsize=1 << 15)  # 26 MB, and all the pairs of some hundred pictures
def _style(key: int) -> Style:
    """Return the style for packed 5-bit colours, foreground << 15 | background."""
    return Style(color=_colour(key >> 15), bgcolor=_colour(key & 0x7FFF))


@lru_cache(maxsize=1 << 15)
def _colour(key: int) -> Color:
    return Color.from_rgb(*((key >> shift & 31) * 255 // 31 for shift in (10, 5, 0)))
