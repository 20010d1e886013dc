"""Contact sheets: many pictures on one, each with its caption."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from evolve.errors import ArchiveError
from evolve.session.archive import Picture
from populations.core.captions import named
from populations.core.making import made

if TYPE_CHECKING:
    from populations.core.population import Population

MARGIN = 8
CAPTION = 17
"""Pixels of one line of a caption."""
LARGEST = 16384
"""Pixels of a side; few programs open larger pictures."""


def contact_sheet(population: Population, ids: Sequence[int]) -> Image.Image:
    """Return a sheet of painted individuals, about as wide as it is high."""
    verdicts = population.verdicts()
    return mosaic([(population.painted(i), [named(i, verdicts.get(i))]) for i in ids])


def strip(population: Population, ids: Sequence[int]) -> Image.Image:
    """Return a line of descent, oldest first, in rows of up to 8; captions say what was done."""
    births, verdicts = population.births(), population.verdicts()
    cells = [(population.painted(i), [named(i, verdicts.get(i)), made(births[i])]) for i in ids]
    return mosaic(cells, columns=8)


def mosaic(
    cells: Sequence[tuple[Picture, Sequence[str]]], *, columns: int | None = None
) -> Image.Image:
    """Return pictures in rows, each above its caption, which has as many lines for each.

    Without a number of columns, the whole is about square.

    Raises:
        ArchiveError: The whole would be too large for a file.
    """
    height = max(picture.shape[0] for picture, _ in cells)
    width = max(picture.shape[1] for picture, _ in cells)
    step_x = width + MARGIN
    step_y = height + MARGIN + CAPTION * max(len(lines) for _, lines in cells)
    columns = min(len(cells), columns or max(1, round(math.sqrt(len(cells) * step_y / step_x))))
    size = (columns * step_x + MARGIN, math.ceil(len(cells) / columns) * step_y + MARGIN)
    if max(size) > LARGEST:
        raise ArchiveError(f"{len(cells)} pictures do not fit on one sheet: choose fewer")
    sheet = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for slot, (picture, lines) in enumerate(cells):
        x, y = MARGIN + slot % columns * step_x, MARGIN + slot // columns * step_y
        sheet.paste(Image.fromarray(picture), (x, y))
        for n, text in enumerate(lines):
            draw.text((x, y + height + 2 + n * CAPTION), fit(text, width, font), "black", font)
    return sheet


def fit(text: str, width: float, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """Return as much of `text` as is at most `width` pixels wide."""
    whole = text
    while text and font.getlength(text if text == whole else f"{text}…") > width:
        text = text[:-1]
    return text if text == whole else f"{text}…"
