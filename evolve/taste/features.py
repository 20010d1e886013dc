"""What a taste sees of pictures: what they are like, relative to all that were judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAMPLED = 512
"""Pictures of which typical distances are taken: a population may have a million."""


class Features:
    """Embeddings of pictures, each part centred on the population and of equal length.

    Without centring, all pictures of one prompt look alike: what they share is most of it. Parts
    joined foretell better than each alone (`benchmarks/portraits/taste_features.py`).
    """

    def __init__(self, embeddings: NDArray[np.floating], parts: Sequence[slice] = ()) -> None:
        """Learn the centre and the typical distance.

        Args:
            embeddings: (n, d), of the judged pictures.
            parts: The columns of each part; none where there is one only.
        """
        self.width = embeddings.shape[1]
        self._parts = tuple(parts) or (slice(None),)
        stride = max(1, len(embeddings) // SAMPLED)
        sample = np.asarray(embeddings[::stride], np.float64)
        self.centre = sample.mean(0) if len(sample) else np.zeros(self.width)
        """(d,), of the population."""
        around = self.of(sample)
        cosines = around @ around.T
        alike = cosines[np.tri(len(around), k=-1, dtype=bool)]
        typical = float(np.median(2 - 2 * alike)) if len(alike) else 0.0
        self.length = typical if typical > 1e-6 else 2.0
        """The median squared distance of two pictures, the squared length of the kernel."""
        self.learnt = (around, cosines) if stride == 1 else None
        """The pictures that it was learnt from as a taste sees them, (n, d), and their cosines,
        (n, n); None where they are many."""

    def of(self, embeddings: NDArray[np.floating]) -> Floats:
        """Return embeddings, (m, d), as a taste sees them, (m, d), each of length 1."""
        around = np.asarray(embeddings, np.float64) - self.centre
        for part in self._parts:
            norms = np.linalg.norm(around[:, part], axis=1, keepdims=True)
            around[:, part] /= np.where(norms > 1e-9, norms, 1.0) * np.sqrt(len(self._parts))
        return around
