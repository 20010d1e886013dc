"""Pictures at hand: small copies of the latest, so that turning a page does not read a disk."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np

from tui.drawing.shrinking import Pixels, shrunk

THUMBNAIL = 256
"""Pixels on the longer side that are kept for blocks; more than any terminal shows of them."""
SHARP = 640
"""The same for real pixels."""
MOST = 128
"""Pictures that are kept: more than all screens show at once, or what one lets go of for another
would be read again and again."""


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

    def __init__(self, most: int = MOST) -> None:
        """Keep so many pictures at most."""
        self._most = most
        self._kept: OrderedDict[int, Pixels] = OrderedDict()

    def get(self, id: int) -> Pixels | None:
        """Return a picture if it is at hand."""
        if id not in self._kept:
            return None
        self._kept.move_to_end(id)
        return self._kept[id]

    def put(self, id: int, picture: Pixels) -> None:
        """Keep a picture, and let go of the one not used for longest if there are too many."""
        self._kept[id] = picture
        self._kept.move_to_end(id)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
