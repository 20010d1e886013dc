"""Masks as picture files: white is free, black stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from evolve.errors import GenomeError
from evolve.genome.masks import Mask, from_picture, to_picture
from populations.exchange.new_file import save_png
from populations.exchange.picture_file import read_picture


def read_mask(file: Path, shape: tuple[int, int]) -> Mask:
    """Read what a picture file leaves free: where it is white, or transparent.

    A cell is free that white touches anywhere.

    Args:
        file: PNG, JPEG or WebP of any size with the proportions of the picture.
        shape: Height and width of the latent.

    Raises:
        ArchiveError: The file cannot be read.
        GenomeError: It is no mask of such a picture, or leaves nothing free, or everything.
    """
    grey = np.asarray(read_picture(file).image.convert("L"), dtype=np.uint8)
    try:
        mask = from_picture(grey, shape)
    except GenomeError as error:
        raise GenomeError(f"'{file}': {error}") from None
    if mask.all():
        raise GenomeError(f"'{file}' is white everywhere: paint black what is to stay as it is")
    return mask


def write_mask(mask: Mask, size: tuple[int, int], file: Path) -> None:
    """Write a mask, (height, width) of the latent, as a grey PNG; `size` is that of the picture.

    Raises:
        ArchiveError: It cannot be written, or is not to be.
    """
    save_png(Image.fromarray(to_picture(mask, size)), file)
