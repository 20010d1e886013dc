"""Pictures at hand: small copies of the latest, so that turning a page does not read a disk."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from tui.drawing.shrinking import Pixels, shrunk

THUMBNAIL = 256
"""Pixels on the longer side that are kept for blocks; more than any terminal shows of them."""
SHARP = 640
"""The same for real pixels."""


def shrink(picture: Pixels, longest: int = THUMBNAIL) -> Pixels:
    """Return the picture with at most `longest` pixels on its longer side."""
    height, width = picture.shape[:2]
    factor = longest / max(height, width)
    if factor >= 1:
        return picture
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return shrunk(picture, *size)


class UnfinishedPicture(np.ndarray):
    """A picture still being painted: it is shown for a moment, and not worth much work."""


class PictureCache:
    """The last used pictures by id."""

    def __init__(self, most: int = 256, most_bytes: int = 256 * 3 * THUMBNAIL**2) -> None:
        """Keep so many pictures of so many bytes at most, but one at least.

        Small ones are counted, else a thousand would be kept before anything is let go of, and an
        evening would look like a leak.
        """
        self._most, self._most_bytes = most, most_bytes
        self._bytes = 0
        self._kept: OrderedDict[int, Pixels] = OrderedDict()

    def get(self, id: int) -> Pixels | None:
        """Return a picture if it is at hand."""
        if id not in self._kept:
            return None
        self._kept.move_to_end(id)
        return self._kept[id]

    def put(self, id: int, picture: Pixels) -> None:
        """Keep a picture, and let go of those not used for longest if there are too many."""
        self._bytes += picture.nbytes - (self._kept[id].nbytes if id in self._kept else 0)
        self._kept[id] = picture
        self._kept.move_to_end(id)
        while len(self._kept) > max(1, self._most) or (
            self._bytes > self._most_bytes and len(self._kept) > 1
        ):
            self._bytes -= self._kept.popitem(last=False)[1].nbytes
