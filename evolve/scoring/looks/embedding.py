"""Embeddings: what a picture is like, as a vector, and the distance of two."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

KEY = "embedding"
"""Key of an embedding in the record of a picture."""

READING = "reading"
"""Key of what a reader of attributes finds there: the root of every value's probability."""

APPEARANCE = "appearance"
"""Key of how the picture looks as a whole (`evolve.scoring.looks.appearance`)."""


def as_text(values: NDArray[np.float16]) -> str:
    """Return numbers as text for JSON."""
    return base64.b64encode(values.astype("<f2").tobytes()).decode("ascii")


def from_text(text: str) -> NDArray[np.float16]:
    """Read what `as_text` wrote.

    Raises:
        ValueError: It is something else, or has numbers that are not finite.
    """
    values = np.frombuffer(base64.b64decode(text, validate=True), "<f2").astype(np.float16)
    if not np.isfinite(values).all():
        raise ValueError("some numbers are not finite")
    return values


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """What a picture is like, as a vector."""

    of: str
    """Name of the embedder; vectors of different ones cannot be compared."""
    vector: NDArray[np.float16]
    """(width,), of length 1; the rounded vector is the truth."""

    def to_json(self) -> dict[str, str]:
        """Return the embedding as plain JSON values, for the record of a picture."""
        return {"of": self.of, "vector": as_text(self.vector)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any], key: str = KEY) -> Embedding | None:
        """Read an embedding from the record of a picture; None if it is missing or damaged."""
        try:
            data = record[key]
            vector = from_text(data["vector"])
            return cls(str(data["of"]), vector) if len(vector) else None
        except (KeyError, TypeError, ValueError):
            return None


def looks(record: Mapping[str, Any]) -> tuple[Embedding, ...]:
    """Return embedding, reading and appearance from the record of a picture.

    Empty without an embedding: the others only add to it.
    """
    known = Embedding.from_record(record)
    more = (Embedding.from_record(record, key) for key in (READING, APPEARANCE))
    return () if known is None else (known, *(each for each in more if each is not None))


def look_of(looks: Iterable[Embedding], of: str) -> Embedding | None:
    """Return the embedding by one embedder, of all of a picture; None if there is none."""
    return next((look for look in looks if look.of == of), None)


def chord(a: Embedding | None, b: Embedding | None) -> float | None:
    """Return |e_a - e_b|; None where the two cannot be compared."""
    if a is None or b is None or a.of != b.of or a.vector.shape != b.vector.shape:
        return None
    return float(np.linalg.norm(a.vector.astype(np.float64) - b.vector))
