"""A simulated person: what is seen in pictures, how much of it is liked, and how it is rated."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evolve import Genome
from evolve.scoring.looks.embedding import Embedding

Array = npt.NDArray[np.float64]

ATTRIBUTES = (
    *("style", "hair", "hair_colour", "skin", "mouth", "glasses", "beard", "hat"),
    *("background", "clothes"),
)
UNNAMED, NOISE = 0.2, 0.3
RATERS = ("ideal", "wrong", "relative", "drifting", "switching")
"""Kinds of persons."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of painted pictures."""

    looks: list[tuple[Embedding, ...]]
    """What a taste knows of each: its embedding, and what a reader finds."""
    read: list[dict[str, str]]
    unnamed: Array
    """(n, 4): how light, colourful, busy and uneven they are, not standardised."""

    @property
    def vectors(self) -> Array:
        """(n, width): the embeddings."""
        return np.array([look[0].vector for look in self.looks], np.float64)

    def __getitem__(self, places: Sequence[int]) -> "Seen":
        return Seen(
            [self.looks[k] for k in places],
            [self.read[k] for k in places],
            self.unnamed[list(places)],
        )


Eye = Callable[[Sequence[Genome]], Seen]
"""Paints genomes and looks at the pictures."""


class Likes:
    """A hidden taste; another `turn` of it is the taste of a person who drifts."""

    def __init__(self, seed: int, attributes: int, pool: Seen) -> None:
        rng = np.random.default_rng([17, seed])
        self._which = rng.choice(ATTRIBUTES, attributes, replace=False).tolist()
        self._seed = seed
        self._tables: list[dict[object, float]] = [{}, {}]
        """Of the taste, and of the one it turns towards."""
        self._rng = [np.random.default_rng([18, seed, k]) for k in range(2)]
        self._mixed = [rng.normal(size=4) for _ in range(2)]
        low, high = pool.unnamed.mean(0), pool.unnamed.std(0)
        self._scale = low, high
        named = [self._named(pool.read, k) for k in range(2)]
        self._norm = [(one.mean(), one.std()) for one in named]
        self._other = [self._looks(pool.unnamed, k).std() for k in range(2)]
        self._parts = self._both(pool, named)
        self._level: dict[float, tuple[float, float]] = {}

    def __call__(self, seen: Seen, turn: float = 0.0) -> Array:
        """How much each picture is liked, in deviations of the pool."""
        mean, deviation = self._levelled(turn)
        parts = self._both(seen, [self._named(seen.read, k) for k in range(2)])
        return (self._turned(parts, turn) - mean) / deviation

    def below(self, liked: Array, turn: float = 0.0) -> Array:
        """Return the share of the pool that is liked less than each, (n,), 0 to 1."""
        mean, deviation = self._levelled(turn)
        level = np.sort((self._turned(self._parts, turn) - mean) / deviation)
        return np.searchsorted(level, liked) / len(level)

    def _levelled(self, turn: float) -> tuple[float, float]:
        if turn not in self._level:
            raw = self._turned(self._parts, turn)
            self._level[turn] = float(raw.mean()), float(raw.std())
        return self._level[turn]

    def _both(self, seen: Seen, named: Sequence[Array]) -> list[Array]:
        """What is liked of pictures by the taste, and by the one that it turns towards."""
        parts = []
        for k in range(2):
            mean, deviation = self._norm[k]
            unnamed = self._looks(seen.unnamed, k) / self._other[k]
            worth = (named[k] - mean) / deviation
            parts.append(np.sqrt(1 - UNNAMED) * worth + np.sqrt(UNNAMED) * unnamed)
        return parts

    @staticmethod
    def _turned(parts: Sequence[Array], turn: float) -> Array:
        return np.asarray(np.cos(turn) * parts[0] + np.sin(turn) * parts[1])

    def _looks(self, unnamed: Array, k: int) -> Array:
        low, high = self._scale
        return np.asarray((unnamed - low) / high @ self._mixed[k])

    def _named(self, read: Sequence[dict[str, str]], k: int) -> Array:
        values = [[(a, one[a]) for a in self._which] for one in read]
        pairs = [[(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)] for row in values]
        worth = [
            sum(self._worth(v, k) for v in row) + 0.7 * sum(self._worth(p, k) for p in both)
            for row, both in zip(values, pairs, strict=True)
        ]
        return np.array(worth)

    def _worth(self, key: object, k: int) -> float:
        if key not in self._tables[k]:  # by name alone: the order of pictures must not matter
            text = repr((self._seed, k, key)).encode()
            drawn = np.random.default_rng(list(text)).normal()
            self._tables[k][key] = float(drawn)
        return float(self._tables[k][key])


def chords(vectors: Array) -> Array:
    """Return the distances of all pairs of (n, width) unit vectors."""
    square = np.clip(2 - 2 * vectors @ vectors.T, 0, None)
    return np.asarray(np.sqrt(square[np.triu_indices(len(vectors), 1)]))


def rated(rater: str, liked: Array, rng: np.random.Generator) -> list[int]:
    """Return what a person rates a page."""
    doubt, wrong = rng.normal(size=len(liked)), rng.random(len(liked)) < 0.2
    drawn = rng.integers(1, 6, len(liked))
    felt = liked
    if rater == "relative":
        felt = (liked - liked.mean()) / max(0.4, liked.std()) + NOISE * doubt
    ratings = np.clip(np.rint(3 + 1.3 * felt), 1, 5).astype(int)
    return np.where(wrong, drawn, ratings).tolist() if rater == "wrong" else ratings.tolist()
