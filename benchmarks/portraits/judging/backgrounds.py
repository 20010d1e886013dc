"""Whether the background of a picture has a colour that real art has, or one mixed from several."""

import functools

import numpy as np

from benchmarks.portraits.held_out import pictures

CORNER = slice(2, 6)
"""Rows and columns of pixels that show the background."""
SAME, OTHER, OFTEN = 6, 15, 5
"""Backgrounds are one colour up to a difference of `SAME` in every channel (of 255), and another
from a distance of `OTHER` on; a colour of the art is one that it has at least `OFTEN`."""


def mixed(shown: np.ndarray) -> float:
    """Return the share of pictures (n, height, width, 3) whose background is no colour of the art.

    Something else in its corner counts, too.
    """
    far = np.linalg.norm(_corners(shown)[:, None] - _palette(), axis=-1).min(1)
    return float((far > OTHER).mean())


def _corners(shown: np.ndarray) -> np.ndarray:
    return shown[:, CORNER, CORNER].astype(np.float64).mean((1, 2))


@functools.cache
def _palette() -> np.ndarray:
    """Return the backgrounds of real art, (colours, 3)."""
    real = _corners(pictures())
    found: list[np.ndarray] = []
    for colour in real:
        if not found or np.abs(found - colour).max(1).min() > SAME:
            found.append(colour)
    return np.stack([c for c in found if (np.abs(real - c).max(1) <= SAME).sum() >= OFTEN])
