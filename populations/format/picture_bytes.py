"""Pictures as bytes: WebP without loss, about half the size of zstd and as fast to read."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from evolve.session.archive import Picture
from populations.format.json_texts import SENSELESS

MOST_PIXELS = 1 << 26
"""In one picture: 8192 by 8192. A few bytes can claim to be more than fits in memory."""
_WEBP_MAX = 16383
"""Longest side that WebP can have; larger pictures become PNG."""


def encode(picture: Picture) -> bytes:
    """Return the picture, (height, width, 3) uint8, as lossless WebP or PNG."""
    buffer = io.BytesIO()
    image = Image.fromarray(np.ascontiguousarray(picture))
    if max(image.size) > _WEBP_MAX:
        image.save(buffer, "PNG", compress_level=1)
    else:
        image.save(buffer, "WEBP", lossless=True, method=0)
    return buffer.getvalue()


def decode(data: bytes) -> Picture:
    """Return what `encode` was given, read-only.

    Raises:
        ValueError: The bytes are not such a picture.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("WEBP", "PNG")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError(f"it has {image.width} by {image.height} pixels")
            picture = np.asarray(image.convert("RGB"))
    except (*SENSELESS, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError(f"not a picture: {error}") from error
    picture.setflags(write=False)
    return picture
