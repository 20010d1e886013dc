"""Picture files from anywhere: opened safely, turned upright, brought to a model's size."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from evolve.archive import Picture
from evolve.errors import ArchiveError

FORMATS = ("PNG", "JPEG", "WEBP")
LARGEST_SIDE = 16384
"""Pixels; larger files are an accident or an attack."""

MALFORMED = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    OSError,
)
"""What reading text from elsewhere may raise."""

_EXIF, _USER_COMMENT = 0x8769, 0x9286
"""Where JPEG and WebP files keep what PNG files have as text."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What a picture file holds."""

    image: Image.Image
    """RGB, upright; what was transparent is white."""
    texts: Mapping[str, str]
    """Text chunks by keyword; `parameters` also where it stands in the EXIF."""


def read_picture(file: Path) -> Outside:
    """Read a PNG, JPEG or WebP file.

    Raises:
        ArchiveError: There is no such file, or it is no such picture, damaged, or huge.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a decompression bomb is an error
            with Image.open(file, formats=FORMATS) as image:
                if max(image.size) > LARGEST_SIDE:
                    raise ValueError("it is too large")
                image.load()  # before `text`: chunks may stand behind the pixels
                return Outside(_upright(image), _texts(image))
    except FileNotFoundError:
        raise ArchiveError(f"there is no file {file}") from None
    except Exception as error:  # whatever a damaged file makes the decoder raise
        told = getattr(error, "strerror", None) or str(error)
        reason = (told.splitlines() or [type(error).__name__])[0]
        raise ArchiveError(
            f"{file} cannot be read as a {_listed(FORMATS)} picture: {reason}"
        ) from error


def fitted(image: Image.Image, width: int, height: int) -> Picture:
    """Return a picture of this size: scaled until it covers it, and cropped around its centre."""
    fit = ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)
    return np.asarray(fit, dtype=np.uint8)


def _upright(image: Image.Image) -> Image.Image:
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I;16"):  # Pillow would clip it
        upright = upright.point(lambda value: value / 256).convert("L")
    if upright.has_transparency_data:
        coloured = upright.convert("RGBA")
        paper = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(paper, coloured).convert("RGB")
    return upright.convert("RGB")


def _texts(image: Image.Image) -> dict[str, str]:
    texts = {str(k): str(v) for k, v in getattr(image, "text", {}).items()}
    comment = image.getexif().get_ifd(_EXIF).get(_USER_COMMENT)
    if isinstance(comment, bytes) and comment[:8] in (b"UNICODE\0", b"ASCII\0\0\0"):
        encoding = "utf-16-be" if comment.startswith(b"UNICODE") else "ascii"
        texts.setdefault("parameters", comment[8:].decode(encoding, "replace"))
    return texts


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names[:-1]) + f" or {names[-1]}"
