"""Intervals of means, by resampling what they are means of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def bootstrap(values: NDArray[np.float64], seed: int = 0) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean of (n,) values."""
    rng = np.random.default_rng(seed)
    means = rng.choice(values, (10_000, len(values))).mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
