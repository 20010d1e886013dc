"""What marks exported files as fancier's, so that one is replaced and nothing else is."""

from __future__ import annotations

import zipfile
from pathlib import Path

from PIL import Image, PngImagePlugin

from evolve.errors import ArchiveError
from populations.exchange.parcel import ROOT
from populations.exchange.recipe import KEY
from populations.home.names import ZARR

MARK = "fancier"
"""Written as the comment or the software of files that carry no recipe."""
SOFTWARE = "Software"
"""PNG text chunk that names the program."""
_SOFTWARE_TAG = 0x0131
"""The same of EXIF."""


def marked_png() -> PngImagePlugin.PngInfo:
    """Return the texts of a PNG that carries no recipe."""
    texts = PngImagePlugin.PngInfo()
    texts.add_text(SOFTWARE, MARK)
    return texts


def marked_exif() -> Image.Exif:
    """Return the EXIF of a clip."""
    exif = Image.Exif()
    exif[_SOFTWARE_TAG] = MARK
    return exif


def require_own(file: Path) -> None:
    """Refuse to replace a file that somebody else made.

    Raises:
        ArchiveError: `file` exists and was not exported by fancier, or cannot be read.
    """
    try:
        if not file.exists() or file.is_dir():  # whoever writes says what is wrong with a folder
            return
        regular = file.is_file()
        if regular:
            file.open("rb").close()
    except OSError as error:
        raise ArchiveError(f"cannot write to {file}: {error.strerror or error}") from None
    if not (regular and _is_own(file)):
        raise ArchiveError(
            f"{file} exists and was not exported by fancier: choose another name, or remove it"
        )


def _is_own(file: Path) -> bool:
    try:
        if file.suffix.lower() == ".zip":
            with zipfile.ZipFile(file) as packed:
                return f"{ZARR}/{ROOT}" in packed.namelist()
        if file.suffix.lower() == ".mp4":
            import av

            with av.open(str(file)) as clip:
                return bool(clip.metadata.get("comment") == MARK)
        with Image.open(file) as image:
            texts = image.text if isinstance(image, PngImagePlugin.PngImageFile) else {}
            return KEY in texts or MARK in (
                texts.get(SOFTWARE),
                image.getexif().get(_SOFTWARE_TAG),
                bytes(image.info.get("comment", b"")).decode("latin-1"),
            )
    except Exception:  # whatever a file of any kind makes its reader raise
        return False
