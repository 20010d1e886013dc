"""What marks exported files as fancier's, so that one is replaced and nothing else is."""

from __future__ import annotations

import zipfile
from pathlib import Path

from PIL import Image, PngImagePlugin

from evolve.errors import ArchiveError
from populations.exchange.recipe import KEY
from populations.format.snapshot import ROOT
from populations.home.names import ZARR

MARK = "fancier"
"""Written as the comment or the software of files that carry no recipe."""
SOFTWARE = "Software"
"""PNG text chunk that names the program."""
_SOFTWARE_TAG = 0x0131
"""The same of EXIF."""
_HEAD = 2000
"""Bytes at the beginning of a file that show what it is."""
_MARKS = (f"<!--{MARK}-->".encode(), f'name="generator" content="{MARK} '.encode())
"""What stands there in drawings and in pages."""
_TABLE = b"id,generation,made by,"
"""How tables of scores begin."""


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


def require_own(*files: Path) -> None:
    """Refuse to replace a file that somebody else made; an empty one holds nothing to lose.

    Raises:
        ArchiveError: One of them exists and was not exported by fancier, cannot be read, or is a
            folder.
    """
    for file in files:
        try:
            if not file.exists():
                if file.parent.is_file():
                    raise ArchiveError(f"'{file.parent}' is a file: name a folder")
                continue
            if file.is_dir():
                raise ArchiveError(f"'{file}' is a folder: name a file")
            own = file.is_file() and _is_own(file, head(file))  # a pipe may never end
        except OSError as error:
            raise ArchiveError(f"cannot write to '{file}': {error.strerror or error}") from None
        if not own:
            raise ArchiveError(
                f"'{file}' exists and was not exported by fancier: "
                "choose another name, or remove it"
            )


def require_called(file: Path, ending: str, kind: str) -> None:
    """Refuse a file whose name does not say its kind, or that somebody else made.

    Raises:
        ArchiveError: Its name ends otherwise, or it is there and not from here.
    """
    if file.suffix.lower() != ending:
        raise ArchiveError(f"'{file}' is not the name of {kind}: end it with {ending}")
    require_own(file)


def head(file: Path) -> bytes:
    """Return the beginning of a file, which shows what it is."""
    with file.open("rb") as opened:
        return opened.read(_HEAD)


def _is_own(file: Path, begins: bytes) -> bool:
    try:
        if not begins:
            return True
        if begins.startswith(b"PK"):
            with zipfile.ZipFile(file) as packed:
                return f"{ZARR}/{ROOT}" in packed.namelist()
        if begins[4:8] == b"ftyp":
            import av

            with av.open(str(file)) as clip:
                return bool(clip.metadata.get("comment") == MARK)
        if begins.startswith((b"<", _TABLE)):
            return begins.startswith(_TABLE) or any(mark in begins for mark in _MARKS)
        with Image.open(file) as image:
            texts = image.text if isinstance(image, PngImagePlugin.PngImageFile) else {}
            return KEY in texts or MARK in (
                texts.get(SOFTWARE),
                image.getexif().get(_SOFTWARE_TAG),
                bytes(image.info.get("comment", b"")).decode("latin-1"),
            )
    except Exception:  # whatever a file of any kind makes its reader raise
        return False
