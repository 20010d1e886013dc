"""How much memory a model needs, from the headers of its files, and how much there is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

from evolve.errors import ModelError
from evolve.models.catalog import ModelCard
from evolve.models.headers import shapes_of


def by_part(card: ModelCard) -> Mapping[str, int]:
    """Return how many numbers each part of a model has.

    Raises:
        ModelError: One of its files is damaged.
    """
    return {
        part: sum(math.prod(shape) for file in files for shape in shapes_of(file).values())
        for part, files in card.weights.items()
    }


def available() -> int | None:
    """Return the bytes of main memory that programs can still have; None where nobody tells."""
    try:  # what can be had, unlike what is unused: the system fills that with files
        lines = Path("/proc/meminfo").read_text().splitlines()
        return (
            next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) * 1024
        )
    except (OSError, StopIteration, ValueError, IndexError):
        return None


def require(card: ModelCard, needed: int, free: int | None, where: str) -> None:
    """Refuse to load what cannot fit.

    Raises:
        ModelError: Says how much is missing.
    """
    if free is not None and needed > free:
        raise ModelError(
            f"model '{card.name}' needs {needed / 1e9:.1f} GB of {where} and {free / 1e9:.1f} GB "
            "are free: close other programs, or choose a smaller model"
        )
