"""The texts in a picture file, from wherever and however programs put them.

PNG files have them as chunks by keyword; JPEG and WebP files in the EXIF, mostly as UserComment. Of
that there are as many kinds as programs: in the Exif IFD or in the first one, as bytes or text, in
UTF-16 of either byte order, with a mark of it or without, or in UTF-8, whichever its first eight
bytes name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from PIL import Image, PngImagePlugin

COMMENT = "parameters"
"""Keyword under which a comment without one is returned: that of most programs."""

_EXIF, _USER_COMMENT = 0x8769, 0x9286
_MAKER_NOTE, _SOFTWARE, _DESCRIPTION, _XP_COMMENT = 0x927C, 0x0131, 0x010E, 0x9C9C
_CODES = (b"UNICODE\0", b"ASCII\0\0\0", b"JIS\0\0\0\0\0", b"\0" * 8)
_KEYED = re.compile(r"\s*(prompt|workflow)\s*:\s*(?=\{)", re.IGNORECASE)
"""How savers of ComfyUI put two texts into fields that have no names."""

LONGEST = 1 << 22
"""Bytes of a comment that are read."""


def texts_of(image: Image.Image) -> dict[str, str]:
    """Return the texts of a picture that is loaded, by keyword."""
    texts = {}
    for key, value in getattr(image, "text", {}).items():
        own = isinstance(value, PngImagePlugin.iTXt)
        texts[str(key)] = str(value) if own else utf8_again(str(value))
    for key, text in _exif_texts(image):
        if text:
            texts.setdefault(key, text)
    comment = image.info.get("comment")  # of a JPEG file
    if isinstance(comment, bytes | str) and (text := decoded(comment)):
        texts.setdefault(COMMENT, text)
    if packet := decoded(image.info.get("xmp")):
        texts.setdefault("XMP", packet)
    return texts


def utf8_again(text: str) -> str:
    """Return a text that was read as Latin-1, as UTF-8 if it is that."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def decoded(value: Any) -> str:
    """Return a comment as text, whatever its encoding; empty if it is none."""
    if isinstance(value, str):
        try:
            value = value.encode("latin-1")
        except UnicodeError:
            return str(value).strip("\0\ufeff")
    if isinstance(value, tuple) and all(isinstance(n, int) and 0 <= n < 256 for n in value):
        value = bytes(value)
    if not isinstance(value, bytes):
        return ""
    code, body = value[:8], value[:LONGEST]
    if code in _CODES:
        body = body[8:]
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if body.startswith(mark):
            return body[2:].decode(encoding, "replace").rstrip("\0")
    if body.rstrip(b"\0").count(b"\0") == 0:
        wide = _wide(body) if code == _CODES[0] and not body.isascii() else None
        try:
            return (wide or body.decode("utf-8")).strip("\0\ufeff")
        except UnicodeDecodeError:
            return body.decode("latin-1").strip("\0")
    return (_wide(body) or body.decode("latin-1")).rstrip("\0")


def _wide(body: bytes) -> str | None:
    """Return UTF-16 in the byte order in which more of it is ASCII; None if that is nothing."""
    body = body[: len(body) // 2 * 2]
    both = [body.decode(f"utf-16-{order}", "replace") for order in ("be", "le")]
    ascii_of = [sum(1 for c in text if " " <= c <= "~" or c == "\n") for text in both]
    best = 0 if ascii_of[0] >= ascii_of[1] else 1
    return both[best] if 4 * ascii_of[best] > len(both[best]) else None


def _exif_texts(image: Image.Image) -> Iterator[tuple[str, str]]:
    try:
        exif = image.getexif()
        inner = exif.get_ifd(_EXIF)
    except (
        Exception
    ):  # whatever damaged EXIF makes the decoder raise: the picture has no texts there
        return
    for ifd in (inner, exif):
        if _USER_COMMENT in ifd:
            yield COMMENT, decoded(ifd[_USER_COMMENT])
        if isinstance(scheme := ifd.get(_MAKER_NOTE), str) and scheme in ("fooocus", "a1111"):
            yield "fooocus_scheme", scheme
    for value in list(exif.values()):
        if isinstance(value, str) and (keyed := _KEYED.match(value)):
            yield keyed[1].lower(), utf8_again(value[keyed.end() :])
    named = {_SOFTWARE: "Software", _DESCRIPTION: "Description", _XP_COMMENT: "XPComment"}
    for tag, key in named.items():
        if tag in exif and not (isinstance(exif[tag], str) and _KEYED.match(exif[tag])):
            yield key, decoded(exif[tag])
