"""Embeddings: what a picture is like, as a vector, and how far two of them are apart."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEY = "embedding"
"""What it is called in the record of a picture."""

READING = "reading"
"""What is called there what a reader of attributes finds: the root of every value's probability."""

APPEARANCE = "appearance"
"""What is called there how the picture looks as a whole (`evolve.scoring.looks.appearance`)."""


def as_text(values: NDArray[np.float16]) -> str:
    """Return numbers as they are kept in JSON."""
    return base64.b64encode(values.astype("<f2").tobytes()).decode("ascii")


def from_text(text: str) -> NDArray[np.float16]:
    """Read what `as_text` wrote; a ValueError if it is something else, or not finite."""
    values = np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float16)
    if not np.isfinite(values).all():
        raise ValueError("there are numbers that are none")
    return values


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """What a picture is like, as a vector."""

    of: str
    """What looked at it; vectors of different embedders cannot be compared."""
    vector: NDArray[np.float16]
    """(width,), of length 1; rounded once, and this is what counts."""

    def to_json(self) -> dict[str, str]:
        """Return it as the record of a picture holds it."""
        return {"of": self.of, "vector": as_text(self.vector)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any], key: str = KEY) -> Embedding | None:
        """Read it from the record of a picture; None if it is not there, or damaged."""
        try:
            data = record[key]
            vector = from_text(data["vector"])
            return cls(str(data["of"]), vector) if len(vector) else None
        except (KeyError, TypeError, ValueError):
            return None


def looks(record: Mapping[str, Any]) -> tuple[Embedding, ...]:
    """Return what the record of a picture says it is like: embedding, reading, appearance.

    Nothing without an embedding: the others only add to it.
    """
    known = Embedding.from_record(record)
    more = (Embedding.from_record(record, key) for key in (READING, APPEARANCE))
    return () if known is None else (known, *(each for each in more if each is not None))


def look_of(looks: Iterable[Embedding], of: str) -> Embedding | None:
    """Return what one embedder made of a picture, of all that is known; None if it did not look."""
    return next((look for look in looks if look.of == of), None)


def chord(a: Embedding | None, b: Embedding | None) -> float | None:
    """Return |e_a - e_b|; None where the two cannot be compared."""
    if a is None or b is None or a.of != b.of or a.vector.shape != b.vector.shape:
        return None
    return float(np.linalg.norm(a.vector.astype(np.float64) - b.vector))
