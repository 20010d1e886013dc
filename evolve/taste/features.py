"""Features of pictures for a taste: their embeddings, relative to all that were judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAMPLED = 512
"""Pictures from which typical distances are taken: a population may have a million."""


class Features:
    """Embeddings of pictures, each part centred on the population and of the same length for all.

    Without centring, all pictures of one prompt look alike: what they share is most of it. Parts
    joined predict better than each alone (`benchmarks/portraits/taste_features.py`).
    """

    def __init__(
        self,
        embeddings: NDArray[np.floating],
        parts: Sequence[slice] = (),
        lengths: Sequence[float] = (),
        *,
        counts: Floats | None = None,
        sampled: int = SAMPLED,
    ) -> None:
        """Learn the centre and the typical distance.

        Args:
            embeddings: (n, d), of the judged pictures.
            parts: The columns of each part; none where there is one only.
            lengths: Weight of each part, squares summing to 1; none where they are equal.
            counts: (d,), weight of each column within its part; None if all are equal.
            sampled: Pictures from which typical distances are taken, about.
        """
        self._counts = counts
        self._parts = tuple(parts) or (slice(None),)
        self._lengths = tuple(lengths) or (1 / np.sqrt(len(self._parts)),) * len(self._parts)
        stride = max(1, len(embeddings) // sampled)
        sample = np.asarray(embeddings[::stride], np.float64)
        self.centre = sample.mean(0) if len(sample) else np.zeros(embeddings.shape[1])
        """(d,), of the population."""
        around = self.of(sample)
        self._apart = 2 - 2 * (around @ around.T)[_below_diagonal(len(around))]
        typical = float(np.median(self._apart)) if len(self._apart) else 0.0
        self.length = typical if typical > 1e-6 else 2.0
        """The median squared distance of two pictures, the squared length of the kernel."""
        self.learnt = around if stride == 1 else None
        """(n, d), the features of the judged pictures; None where only some were sampled."""

    def covariance(self) -> Floats | None:
        """Return exp(-|x - x'|^2 / length) among those of `learnt`, (n, n).

        None without them, or if not all are of length 1: a picture in the centre is of length 0.
        """
        if self.learnt is None or not np.allclose(np.square(self.learnt).sum(1), 1):
            return None
        count = len(self.learnt)
        below, covariance = _below_diagonal(count), np.ones((count, count))
        likeness = np.exp(np.clip(self._apart, 0, None) / -self.length)
        covariance[below] = covariance.T[below] = likeness
        return covariance

    def of(self, embeddings: NDArray[np.floating]) -> Floats:
        """Return the features of embeddings, (m, d) -> (m, d), each of length 1."""
        around = np.asarray(embeddings, np.float64) - self.centre
        if self._counts is not None:
            around *= self._counts
        for part, length in zip(self._parts, self._lengths, strict=True):
            around[:, part] *= length / norms(around[:, part])
        return around


def norms(rows: Floats) -> Floats:
    """Return the length of each row, (m, d) -> (m, 1); 1 in place of almost 0."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(lengths > 1e-9, lengths, 1.0)


def _below_diagonal(count: int) -> NDArray[np.bool_]:
    return np.tri(count, k=-1, dtype=bool)
