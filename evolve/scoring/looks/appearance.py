"""How a picture looks as a whole: light and colours, which neither a CLIP nor a reader sees well.

All is measured in CIELAB (D65), in which equal distances are about equal differences to the eye.
Strength of colours is the mean chroma, detail the mean gradient of lightness, and symmetry the
likeness of the lightness to its mirror image.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from evolve.scoring.looks.embedding import Embedding, look_of

Floats = NDArray[np.float64]

NAME = "appearance-1"
"""Name of the embedder; other measures or scales get another name."""
LONGEST = 128
"""Pixels of a side that are sampled, about."""
FARTHEST = 8.0
"""Largest value, in spreads from the typical one."""


class Pictures(Protocol):
    """The pictures of a population, and their embeddings."""

    def picture(self, individual: int) -> NDArray[np.uint8] | None:
        """Return the picture of one individual, (height, width, 3); None if it is not painted."""

    def looks(self, individual: int) -> tuple[Embedding, ...]:
        """Return all embeddings of the picture."""


class Trait(NamedTuple):
    """A measured trait."""

    words: str
    """Name of pictures with much of it."""
    typical: float
    spread: float
    """Mean and standard deviation among founders of the embedded model."""


TRAITS = (
    Trait("bright pictures", 69.0, 7.0),
    Trait("strong contrast", 17.0, 6.5),
    Trait("strong colours", 22.0, 9.5),
    Trait("warm colours", 9.0, 8.0),
    Trait("much detail", 4.4, 2.3),
    Trait("symmetric pictures", -6.5, 4.0),
)

_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = _TO_XYZ.sum(1)


def appearance_of(picture: NDArray[np.uint8]) -> Embedding:
    """Return a value for each of `TRAITS` of a picture, (height, width, 3) in sRGB.

    They are in spreads from the typical value; unlike other embeddings this is not of length 1.
    """
    stride = max(1, max(picture.shape[:2]) // LONGEST)
    lab = _lab(picture[::stride, ::stride].astype(np.float64) / 255)
    light, a, b = lab[..., 0], lab[..., 1], lab[..., 2]
    gradient = np.abs(np.diff(light, axis=0)).mean() + np.abs(np.diff(light, axis=1)).mean()
    measured = (
        light.mean(),
        light.std(),
        np.hypot(a, b).mean(),
        ((a + b) / 2).mean(),
        gradient,
        -np.abs(light - light[:, ::-1]).mean(),
    )
    values = [(m - t.typical) / t.spread for m, t in zip(measured, TRAITS, strict=True)]
    return Embedding(NAME, np.clip(values, -FARTHEST, FARTHEST).astype(np.float16))


def traits(pictures: Pictures, individuals: Sequence[int]) -> Floats:
    """Return how much of each of `TRAITS` there is in pictures, (n, traits), in spreads.

    Pictures whose record has no appearance are measured now; nan where there is no picture.
    """
    rows = np.full((len(individuals), len(TRAITS)), np.nan)
    for row, i in enumerate(individuals):
        known = look_of(pictures.looks(i), NAME)
        if known is None and (picture := pictures.picture(i)) is not None:
            known = appearance_of(picture)
        if known is not None:
            rows[row] = known.vector
    return rows


def _lab(picture: Floats) -> Floats:
    """Return sRGB of 0 to 1 as CIELAB (IEC 61966-2-1, CIE 15)."""
    linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
    ratio = linear @ _TO_XYZ.T / _WHITE
    cubed = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = cubed[..., 0], cubed[..., 1], cubed[..., 2]
    lab: Floats = np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], -1)
    return lab
