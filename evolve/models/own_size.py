"""Sizes at which a model does not paint as it was trained to."""

from __future__ import annotations

from collections.abc import Sequence

from evolve.models.catalog import EMBEDDED, ModelCard

TIMES = 2.0
"""Times the pixels of its own size, or a part of them, from which a model paints otherwise, and
noticeably slower."""


def size_remark(card: ModelCard, size: Sequence[int] | None) -> str:
    """Return a line if a model was not trained for pictures of a width and height; else none.

    An embedded model has seen pictures of one size only. Others have mostly seen several, of which
    the largest and smallest differ less than `TIMES` in their pixels from the usual one.
    """
    height, width = card.pixels
    if size is None or tuple(size) == (width, height):
        return ""
    ratio = size[0] * size[1] / (width * height)
    if card.name not in EMBEDDED and 1 / TIMES <= ratio <= TIMES:
        return ""
    slower = f", and take about {ratio:.0f} times as long" if ratio >= TIMES else ""
    return (
        f"{card.name} was trained for pictures of {width}x{height}: at {size[0]}x{size[1]} they "
        f"often show things twice, or come apart{slower}"
    )
