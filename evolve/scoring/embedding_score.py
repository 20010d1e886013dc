"""Scores by embeddings: how like another picture, or how much to a person's taste.

    s = mean_v(l_v) - RISK std_v(l_v),    l_v = value(E(view v))

with the embedding E of `evolve.scoring.looks.embedders`. The views are the picture and small shifts
of it: a score that does not last when the picture moves counts less.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from evolve.genome import Genome
from evolve.genome.noise import stream
from evolve.scoring.cuts import Cut
from evolve.scoring.looks.embedders import Embedder
from evolve.session.archive import Picture

RISK = 1.0
SHIFTS = 4
"""Views besides the whole picture, the same for every picture."""
SMALLEST = 0.92
"""Side of a view, as a share of the picture's shorter side."""

LONGEST = 60
"""Letters of a picture's name in the name of a scorer."""

Value = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""From unit embeddings of a picture's views, (1 + SHIFTS, width), to a score for each."""


class EmbeddingScore:
    """A scorer of embeddings of shifted views."""

    def __init__(
        self,
        name: str,
        embedder: Embedder,
        value_of: Callable[[Callable[[Picture], NDArray[np.float64]]], Value],
        *,
        seed: int = 0,
    ) -> None:
        """Score embeddings of views; the name has to name all that decides the scores.

        `value_of` returns the value of embeddings; it is given a function that embeds the views of
        a picture.
        """
        self.name, self._embedder, self._value_of, self._seed = name, embedder, value_of, seed
        self._shifts = shifts(seed)
        self._value = value_of(self._look)

    def again(self) -> EmbeddingScore:
        """Return the same score over other shifts."""
        return EmbeddingScore(self.name, self._embedder, self._value_of, seed=self._seed + 1)

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return one score per picture, (n,), whatever its genome."""
        del genomes
        values = [self._value(self._look(picture)) for picture in pictures]
        return np.array([v.mean() - RISK * v.std() for v in values], dtype=np.float64)

    def _look(self, picture: Picture) -> NDArray[np.float64]:
        """Return the embedding of each view, the whole picture first."""
        image = Image.fromarray(picture)
        size = (min(image.size), min(image.size))
        moved = [
            image.resize(size, Image.Resampling.BICUBIC, box=cut.box(*image.size))
            for cut in self._shifts
        ]
        return self._embedder.embed([picture, *(np.asarray(view) for view in moved)])


def like(target: Picture, embedder: Embedder, called: str) -> EmbeddingScore:
    """Return the score 100 cos(E(view), E(same view of the target)): 100 for the target itself."""

    def near(look: Callable[[Picture], NDArray[np.float64]]) -> Value:
        wanted = look(target)
        return lambda seen: 100 * np.einsum("vd,vd->v", seen, wanted)

    decides = hashlib.sha256(embedder.name.encode() + np.ascontiguousarray(target).tobytes())
    return EmbeddingScore(f"like:{called[:LONGEST]}@{decides.hexdigest()[:8]}", embedder, near)


def shifts(seed: int) -> list[Cut]:
    """Return `SHIFTS` views of nearly the whole picture, the same ones for the same seed."""
    rng = stream(seed, SHIFTS, "shifts")
    return [
        Cut(float(rng.uniform(SMALLEST, 1)), float(rng.uniform()), float(rng.uniform()))
        for _ in range(SHIFTS)
    ]
