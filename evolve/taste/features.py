"""What a taste sees of pictures: their embeddings, relative to all that were judged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SAMPLED = 512
"""Pictures of which typical distances are taken: a population may have a million."""


class Features:
    """Embeddings of pictures, centred on the population and of unit length.

    Without centring, all pictures of one prompt look alike: what they share is most of it.
    """

    def __init__(self, embeddings: NDArray[np.floating]) -> None:
        """Learn the centre and the typical distance.

        Args:
            embeddings: (n, d), of the judged pictures.
        """
        self.width = embeddings.shape[1]
        stride = max(1, len(embeddings) // SAMPLED)
        sample = np.asarray(embeddings[::stride], np.float64)
        self._centre = sample.mean(0) if len(sample) else np.zeros(self.width)
        around = self.of(sample)
        apart = 2 - 2 * (around @ around.T)[np.triu_indices(len(around), 1)]
        typical = float(np.median(apart)) if len(apart) else 0.0
        self.length = typical if typical > 1e-6 else 2.0
        """The median squared distance of two pictures, the squared length of the kernel."""

    def of(self, embeddings: NDArray[np.floating]) -> Floats:
        """Return embeddings, (m, d), as a taste sees them, (m, d)."""
        around = np.asarray(embeddings, np.float64) - self._centre
        norms = np.linalg.norm(around, axis=1, keepdims=True)
        return around / np.where(norms > 1e-9, norms, 1.0)
