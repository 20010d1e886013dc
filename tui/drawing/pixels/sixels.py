"""Pictures as Sixel data: bands of six rows, each painted colour by colour."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tui.drawing.shrinking import Pixels

COLOURS = 256
"""Colours of a picture at most."""
FEW = 64
"""With fewer colours than that, errors of colour are spread over neighbours."""
_RUNS = re.compile(rb"([?-~])\1{3,}")


def encode(pixels: Pixels, registers: int = 256) -> str:
    """Return a picture as Sixel data, from the introducer to the terminator.

    All colours are set before the first is used: xterm (379) paints some of those wrong that are
    set on the way. Bands are only as high as six rows each; what is below the picture in the last
    one stays as it was.

    Args:
        pixels: (rows, columns, 3) uint8.
        registers: Colours that the terminal can hold, at least 2.
    """
    height, width = pixels.shape[:2]
    count = max(2, min(registers, COLOURS))
    image = Image.fromarray(pixels)
    if count < FEW:
        palette = image.quantize(count, Image.Quantize.MEDIANCUT)
        reduced = image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    else:
        reduced = image.quantize(count, Image.Quantize.FASTOCTREE)
    colours = np.asarray(reduced.getpalette(), np.int64)[: 3 * count].reshape(-1, 3)
    index = np.asarray(reduced)
    parts = [
        b'\x1bP0;1;0q"1;1;%d;%d' % (width, height),
        *(b"#%d;2;%d;%d;%d" % (n, *rgb) for n, rgb in enumerate((colours * 100 + 127) // 255)),
    ]
    parts += [_band(index[top : top + 6]) for top in range(0, height, 6)]
    return b"".join(parts)[:-1].decode("ascii") + "\x1b\\"


def _band(index: NDArray[np.uint8]) -> bytes:
    """Return up to six rows of numbers of colours: for each colour which of its pixels it has."""
    used = np.flatnonzero(np.bincount(index.ravel(), minlength=256))
    line_of = np.zeros(256, np.intp)
    line_of[used] = np.arange(len(used))
    lines = np.full((len(used), index.shape[1]), ord("?"), np.uint8)
    across = np.arange(index.shape[1])
    for bit, row in enumerate(index):
        lines[line_of[row], across] += np.uint8(1 << bit)
    texts = [b"#%d%s" % pair for pair in zip(used.tolist(), map(bytes, lines), strict=True)]
    return _RUNS.sub(_run, b"$".join(texts)) + b"-"


def _run(run: re.Match[bytes]) -> bytes:
    return b"!%d%s" % (len(run[0]), run[1])
