"""PNG files without their texts and colour profile, which may be too large to be read."""

from __future__ import annotations

import io
import struct
from pathlib import Path

LARGEST_FILE = 1 << 28
"""Bytes of a file that is copied without those."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LEFT_OUT = (b"iCCP", b"tEXt", b"zTXt", b"iTXt")


def without_texts(file: Path) -> io.BytesIO | None:
    """Return a PNG file without its texts and colour profile; None if it is no such file."""
    if file.stat().st_size > LARGEST_FILE:
        return None
    with file.open("rb") as whole:
        if whole.read(8) != _SIGNATURE:
            return None
        bare = io.BytesIO()
        bare.write(_SIGNATURE)
        while len(head := whole.read(8)) == 8:
            length, kind = struct.unpack(">I4s", head)
            if kind in _LEFT_OUT:
                whole.seek(length + 4, io.SEEK_CUR)
            else:
                bare.write(head + whole.read(length + 4))
            if kind == b"IEND":
                break
    bare.seek(0)
    return bare
