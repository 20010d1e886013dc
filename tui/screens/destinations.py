"""Where the gallery can be asked to go."""

from __future__ import annotations

from enum import StrEnum, auto


class Destination(StrEnum):
    """A screen that the gallery can open over itself."""

    ZOOM = auto()
    COMPARE = auto()
    LINEAGE = auto()
    RING = auto()
    REPAINT = auto()
    EDIT = auto()
    PART = auto()
    FAVOURITES = auto()
