"""Contact sheets: many pictures on one, each with its number and rating."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from populations.population import Population

MARGIN = 8
CAPTION = 20
"""Pixels."""


def contact_sheet(population: Population, ids: Sequence[int]) -> Image.Image:
    """Return a sheet of painted individuals, about as wide as it is high."""
    pictures = {i: p for i in ids if (p := population.picture(i)) is not None}
    verdicts = population.verdicts()
    height = max(p.shape[0] for p in pictures.values())
    width = max(p.shape[1] for p in pictures.values())
    columns = max(1, round(math.sqrt(len(pictures) * (height + CAPTION) / width)))
    rows = math.ceil(len(pictures) / columns)
    step_x, step_y = width + MARGIN, height + CAPTION + MARGIN
    sheet = Image.new("RGB", (columns * step_x + MARGIN, rows * step_y + MARGIN), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(13)
    for slot, (i, picture) in enumerate(pictures.items()):
        x = MARGIN + slot % columns * step_x
        y = MARGIN + slot // columns * step_y
        sheet.paste(Image.fromarray(picture), (x, y))
        verdict = verdicts.get(i)
        rating = verdict.rating if verdict else None
        caption = f"{i}  {'*' * rating}" if rating else str(i)
        draw.text((x, y + height + 2), caption, fill="black", font=font)
    return sheet
