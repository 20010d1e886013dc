"""Intervals of means, by resampling what they are means of."""

import numpy as np
from numpy.typing import NDArray


def bootstrap(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean of (n,) values."""
    rng = np.random.default_rng(0)
    means = rng.choice(values, (10_000, len(values))).mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def written(values: NDArray[np.float64], form: str) -> str:
    """Return the mean with that interval; `form` is that of one number, such as `{:.2f}`."""
    mean, low, high = (form.format(each) for each in (values.mean(), *bootstrap(values)))
    return f"{mean} [{low}, {high}]"


def ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the ratio of the means of (n,) values, and its 95 % bootstrap interval."""
    drawn = np.random.default_rng(0).integers(len(above), size=(2000, len(above)))
    with np.errstate(invalid="ignore"):  # of a few values the denominator may be 0
        ratios = above[drawn].sum(1) / below[drawn].sum(1)
        low, high = np.nanquantile(ratios, [0.025, 0.975])
        return float(above.sum() / below.sum()), float(low), float(high)
