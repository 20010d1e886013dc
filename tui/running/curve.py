"""The course of the scores over a run, in block characters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDEST = 4
"""Columns of one score at most."""

FEW = 0.05
"""Share of the columns that may be below what is drawn."""

EIGHTHS = " ▁▂▃▄▅▆▇█"
RAMP = " .:-=+*#%@"


@dataclass(frozen=True, slots=True)
class Curve:
    """Scores in order of birth, in columns."""

    best: NDArray[np.float64]
    """The best so far at the end of each column."""
    mean: NDArray[np.float64]
    """The mean of each column."""

    @property
    def low(self) -> float:
        """The lowest value that is drawn: a few that are far below would flatten all others."""
        return float(min(np.quantile(self.mean, FEW), self.best.min()))

    @property
    def high(self) -> float:
        """The highest value that is drawn."""
        return float(self.best.max())


def curve_of(scores: NDArray[np.float64], columns: int) -> Curve | None:
    """Return the curve of scores in at most `columns` columns; None if there are none.

    Few scores have several columns each.

    Args:
        scores: By individual, in order; those that are not finite are left out.
        columns: At least 1.
    """
    scores = scores[np.isfinite(scores)]
    if not len(scores):
        return None
    if len(scores) < columns:
        scores = np.repeat(scores, min(WIDEST, columns // len(scores)))
    columns = min(columns, len(scores))
    starts = np.arange(columns) * len(scores) // columns
    counts = np.diff(np.append(starts, len(scores)))
    mean = np.add.reduceat(scores, starts) / counts
    best = np.maximum.accumulate(np.maximum.reduceat(scores, starts))
    return Curve(best, mean)


def heights(values: NDArray[np.float64], low: float, high: float, most: int) -> NDArray[np.int64]:
    """Return values as heights from 1 to `most`; all alike are at the top."""
    span = high - low
    share = (values - low) / span if span > 0 else np.ones(len(values))
    heights: NDArray[np.int64] = 1 + np.round(np.clip(share, 0, 1) * (most - 1)).astype(np.int64)
    return heights


def sparkline(values: NDArray[np.float64], *, ascii_only: bool = False) -> str:
    """Return values as one line of bars."""
    signs = RAMP if ascii_only else EIGHTHS
    tops = heights(values, float(values.min()), float(values.max()), len(signs) - 1)
    return "".join(signs[top] for top in tops)


def bars(curve: Curve, rows: int) -> list[list[tuple[str, str]]]:
    """Return a chart, row by row from the top: a character and what it is part of, for each column.

    A column is filled up to the mean, `mean`, and from there to the best so far, `best`. What is
    above is `none`. `both` is a cell with the mean in front and the best behind.
    """
    low, high = curve.low, curve.high
    mean = heights(curve.mean, low, high, 8 * rows)
    best = np.maximum(mean, heights(curve.best, low, high, 8 * rows))
    return [
        [_cell(int(m) - 8 * row, int(b) - 8 * row) for m, b in zip(mean, best, strict=True)]
        for row in reversed(range(rows))
    ]


def _cell(mean: int, best: int) -> tuple[str, str]:
    """Return a cell that the mean and the best fill, both in eighths."""
    if mean >= 8:
        return "█", "mean"
    if mean > 0:
        return EIGHTHS[mean], "both" if best > mean else "mean"
    return (EIGHTHS[min(best, 8)], "best") if best > 0 else (" ", "none")
