"""Picture files from anywhere: opened safely, turned upright, brought to a model's size."""

from __future__ import annotations

import io
import os
import struct
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from evolve.errors import ArchiveError
from evolve.regular_files import opened_file
from evolve.session.archive import Picture
from populations.exchange.picture_texts import texts_of
from populations.format.json_texts import SENSELESS

FORMATS = ("PNG", "JPEG", "WEBP")
SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
"""Of the files that are taken from a folder."""
LARGEST_SIDE = 16384
"""Pixels; larger files are an accident or an attack."""

LARGEST_PNG = 1 << 28
"""Bytes of a PNG file that is read without its texts, where those are too large."""
_PNG = b"\x89PNG\r\n\x1a\n"
_TEXTS = (b"iCCP", b"tEXt", b"zTXt", b"iTXt")
"""Chunks of a PNG that may be too large: the colour profile, and texts."""

MALFORMED = (*SENSELESS, RecursionError, OSError)
"""What reading text from elsewhere may raise."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What a picture file holds."""

    image: Image.Image
    """RGB, upright; what was transparent is white."""
    texts: Mapping[str, str]
    """By keyword; see `picture_texts`."""
    bare: bool = False
    """Whether its texts or its colour profile were too large to be read."""


def read_picture(file: Path) -> Outside:
    """Read a PNG, JPEG or WebP file.

    Raises:
        ArchiveError: There is no such file, or it is no such picture, damaged, or huge.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a decompression bomb is an error
            try:
                image, texts = _loaded(file)
                return Outside(image, texts)
            except ValueError:  # perhaps what does not belong to the picture
                bare = _without_texts(file)
                if bare is None:
                    raise
                image, _ = _loaded(bare)
                return Outside(image, {}, bare=True)
    except FileNotFoundError:
        raise ArchiveError(f"there is no file '{file}'") from None
    except Exception as error:  # whatever a damaged file makes the decoder raise
        message = getattr(error, "strerror", None) or str(error)
        if isinstance(error, UnidentifiedImageError):  # its text names an object of the decoder
            message = "it is something else, or damaged"
        reason = (message.splitlines() or [type(error).__name__])[0]
        raise ArchiveError(
            f"'{file}' cannot be read as a {_listed(FORMATS)} picture: {reason}"
        ) from error


def files_in(places: Sequence[Path]) -> list[Path]:
    """Return files, with those in a folder, by their names, in place of the folder.

    Raises:
        ArchiveError: A folder cannot be read, or has no pictures.
    """
    files: list[Path] = []
    for place in places:
        if not os.path.isdir(place):  # whatever is wrong with its name
            files.append(place)
            continue
        try:
            inside = sorted(f for f in place.iterdir() if f.suffix.lower() in SUFFIXES)
        except OSError as error:
            raise ArchiveError(f"'{place}' cannot be read: {error.strerror or error}") from None
        if not inside:
            raise ArchiveError(f"there are no pictures in '{place}' ({', '.join(SUFFIXES)})")
        files += inside
    return files


def fitted(image: Image.Image, width: int, height: int) -> Picture:
    """Return a picture of this size: scaled until it covers it, and cropped around its centre."""
    fit = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    return np.asarray(fit, dtype=np.uint8)


def _loaded(file: Path | io.BytesIO) -> tuple[Image.Image, dict[str, str]]:
    with (
        opened_file(file) if isinstance(file, Path) else file as stream,
        Image.open(stream, formats=FORMATS) as image,
    ):
        if max(image.size) > LARGEST_SIDE:
            raise ValueError("it is too large")
        image.load()  # before the texts: chunks may stand behind the pixels
        return _upright(image), texts_of(image)


def _without_texts(file: Path) -> io.BytesIO | None:
    """Return a PNG file without its texts and colour profile; None if it is no such file."""
    if file.stat().st_size > LARGEST_PNG:
        return None
    with file.open("rb") as whole:
        if whole.read(8) != _PNG:
            return None
        bare = io.BytesIO()
        bare.write(_PNG)
        while len(head := whole.read(8)) == 8:
            length, kind = struct.unpack(">I4s", head)
            if kind in _TEXTS:
                whole.seek(length + 4, io.SEEK_CUR)
            else:
                bare.write(head + whole.read(length + 4))
            if kind == b"IEND":
                break
    bare.seek(0)
    return bare


def _upright(image: Image.Image) -> Image.Image:
    try:
        upright = ImageOps.exif_transpose(image)
    except Exception:  # whatever damaged EXIF makes the decoder raise: it stands as it is
        upright = image.copy()
    if upright.mode.startswith("I;16"):  # Pillow would clip it
        upright = upright.point(lambda value: value / 256).convert("L")
    if upright.has_transparency_data:
        coloured = upright.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(paper, coloured).convert("RGB")
    return upright.convert("RGB")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + f" or {names[-1]}"
