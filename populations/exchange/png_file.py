"""PNG files that carry no recipe: drawings, masks, sheets."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from evolve.errors import ArchiveError
from populations.exchange.new_file import writing
from populations.exchange.own_file import marked_png, require_own


def save_png(image: Image.Image, file: Path) -> None:
    """Write a picture as PNG, wholly or not at all.

    Raises:
        ArchiveError: It cannot be written, or is not to be.
    """
    require_png(file)
    with writing(file, known=True) as unfinished:
        image.save(unfinished, "PNG", pnginfo=marked_png())


def require_png(file: Path) -> None:
    """Refuse a file that is not called a PNG, or that somebody else made.

    Raises:
        ArchiveError: Its name ends otherwise, or it is there and not from here.
    """
    if file.suffix.lower() != ".png":
        raise ArchiveError(f"{file} is not called a PNG: give a name that ends in .png")
    require_own(file)
