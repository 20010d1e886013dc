"""A taste from another population of the same model, for a taste to begin with.

    m(x) = w . phi(x),   w = Phi^T (Phi Phi^T + I)^-1 (f - mean f)

the ridge regression of the utilities there, `f`, on the features there, `phi`: a few hundred
numbers, from which no picture can be made. A new taste learns the difference to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evolve.scoring.looks.embedding import as_text, from_text
from evolve.taste.embeddings import Kind, lengths_of
from evolve.taste.features import norms

Floats = NDArray[np.float64]

KEY = "taste_of"
"""Its key in the config of a population."""
WIDEST = 16_384


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """How much pictures are expected to be liked before any answer."""

    name: str
    """Of the population in which it was learnt."""
    judged: int
    """Judged pictures there."""
    kind: Kind
    centre: NDArray[np.float16]
    """(d,), of the embeddings there."""
    weights: NDArray[np.float16]
    """(d,), in rating steps for each unit of a feature."""

    @classmethod
    def learnt(
        cls, name: str, judged: int, kind: Kind, centre: Floats, seen: Floats, liked: Floats
    ) -> Prior:
        """Return the prior of a taste in a population, of that name and number of judged pictures.

        `centre`, (d,), is that of embeddings of a kind; `seen`, (n, d), are the features of its
        pictures; and `liked`, (n,), how much each is expected to be liked.
        """
        among = seen @ seen.T + np.eye(len(seen))
        weights = seen.T @ np.linalg.solve(among, liked - liked.mean())
        stored = np.clip(weights, -1e3, 1e3).astype(np.float16)
        return cls(name, judged, kind, centre.astype(np.float16), stored)

    def at(self, embeddings: NDArray[np.floating], kind: Kind) -> Floats:
        """Return the expected utility of pictures, (m, d) -> (m,); 0 if they cannot be compared."""
        known = len(kind) and kind == self.kind[: len(kind)]
        if not known:
            return np.zeros(len(embeddings))
        total, start = np.zeros(len(embeddings)), 0
        for (_, width), length in zip(kind, lengths_of(self.kind), strict=False):
            part = slice(start, start + width)
            around = np.asarray(embeddings[:, part], np.float64) - self.centre[part]
            scale = norms(around)[:, 0] / length
            total += around @ self.weights[part].astype(np.float64) / scale
            start += width
        return total

    def to_json(self) -> dict[str, Any]:
        """Return the prior as plain JSON values, for the config of a population."""
        return {
            "name": self.name,
            "judged": self.judged,
            "kind": [list(part) for part in self.kind],
            "centre": as_text(self.centre),
            "weights": as_text(self.weights),
        }

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Prior | None:
        """Read it from the config of a population; None if it is missing or invalid."""
        try:
            data = config[KEY]
            kind = tuple((str(of), int(width)) for of, width in data["kind"])
            width = sum(each for _, each in kind)
            arrays = [from_text(data[name]) for name in ("centre", "weights")]
            is_whole = all(part > 0 for _, part in kind) and 0 < width <= WIDEST
            if not is_whole or any(len(each) != width for each in arrays):
                return None
            return cls(str(data["name"]), int(data["judged"]), kind, *arrays)
        except (KeyError, TypeError, ValueError, OverflowError):
            return None
