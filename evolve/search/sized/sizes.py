"""Sizes: distances of children from their parents in the picture.

0 is the same picture, 1 the distance of another founder of the same prompt
(`evolve.scoring.looks.distance`).
"""

from __future__ import annotations

from collections.abc import Mapping

from evolve.errors import GenomeError

SIZES: Mapping[str, float] = {"subtle": 0.25, "visible": 0.45, "bold": 0.7}
"""Sizes by name."""
LEAST = 0.02


def size_of(text: str | float) -> float:
    """Return a size given by name or as a number.

    Raises:
        GenomeError: It is neither a name nor a number above 0 up to 1.
    """
    if isinstance(text, str) and text.strip().lower() in SIZES:
        return SIZES[text.strip().lower()]
    try:
        size = float(text)
    except ValueError:
        raise GenomeError(f"'{text}' is not a size: use {_usable()}") from None
    if not LEAST <= size <= 1:
        raise GenomeError(f"a size of {text} is out of range: use {_usable()}")
    return size


def size_in_words(size: float) -> str:
    """Return a size for reading: `visible`, or `0.33`."""
    return next((name for name, value in SIZES.items() if value == size), f"{size:g}")


def _usable() -> str:
    return f"{', '.join(SIZES)} or a number from {LEAST:g} to 1"
