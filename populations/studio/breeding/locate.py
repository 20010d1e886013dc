"""Where a picture changes with its words: the place of a thing, as a mask."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.errors import ArchiveError
from evolve.genome import masks
from evolve.genome.edit import Base
from evolve.models.words.phrasing import Phrasings
from evolve.session.archive import Picture
from populations.exchange.mask_file import write_mask
from populations.exchange.new_file import require_png, save_png

DIMMED = 0.35
"""Share of its brightness that a picture keeps in an overlay where it is not free."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocatedPlace:
    """Where a picture changes with its words."""

    individual: int
    base: Base
    """What the individual came to: latent and picture."""
    phrasings: Phrasings
    difference: NDArray[np.float32]
    """(height, width) of the latent; see `evolve.rendering.protocol.Located`."""
    mask: masks.Mask
    cost: float
    """What it took, in pictures."""
    remark: str = ""
    """A line about what the model cannot paint in pictures like this one; mostly empty."""
    chances: tuple[float, ...] = ()
    near: tuple[int, ...] = ()
    guidance: float | None = None
    """See `evolve.rendering.protocol.Located`, all three."""

    @property
    def share(self) -> float:
        """The share of the picture that is free."""
        return float(self.mask.mean())


def require_writable(file: Path) -> Path:
    """Refuse, before anything is painted, files that `save_place` would not write.

    Return the file of the overlay.

    Raises:
        ArchiveError: The name of one is not of a PNG, or another program made it.
    """
    beside = file.with_suffix(".overlay.png")
    for each in (file, beside):
        require_png(each)
    return beside


def save_place(place: LocatedPlace, file: Path) -> Path:
    """Write the mask to `file`, and the picture with its place lit up beside it.

    Return the file of that overlay: `glasses.overlay.png` beside `glasses.png`.

    Raises:
        ArchiveError: One of them cannot be written.
    """
    beside = require_writable(file)
    picture = place.base.picture
    assert picture is not None
    save_png(Image.fromarray(overlay(picture, place.mask)), beside)
    try:
        write_mask(place.mask, picture.shape[:2], file)
    except ArchiveError:
        beside.unlink(missing_ok=True)  # both or none
        raise
    return beside


def overlay(picture: Picture, mask: masks.Mask) -> Picture:
    """Return a picture that is grey and dim outside the mask, and as it is inside."""
    free = masks.to_picture(mask, picture.shape[:2])[..., None] > 0
    grey = DIMMED * picture.mean(-1, keepdims=True)
    return np.where(free, picture, grey.round().astype(np.uint8))
