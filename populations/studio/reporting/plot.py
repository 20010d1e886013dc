"""The scores of a run against what they cost, as a plot; matplotlib is an extra."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from evolve.errors import ArchiveError
from populations.exchange.own_file import MARK, SOFTWARE
from populations.studio.reporting.course import Course

SIZE = (8.0, 4.5)
"""Inches."""
DOTS_PER_INCH = 150


def require_plots() -> None:
    """Refuse to go on without what plots are drawn with.

    Raises:
        ArchiveError: It is not installed.
    """
    if find_spec("matplotlib") is None:
        raise ArchiveError("a report needs matplotlib: pip install 'fancier[report]'")


def plot(course: Course, file: Path, *, label: str) -> None:
    """Write a PNG: each score (at least one), the mean of each generation, and the best so far."""
    # Only here: an extra, and slow to import. Without pyplot there are no windows and no state.
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    spent, full = course.spent, course.full
    axes.scatter(spent, course.scores, s=12, color="#4878b4", alpha=0.6, linewidths=0)
    _, first, counts = np.unique(course.generations, return_index=True, return_counts=True)
    last = first + counts - 1
    means = np.add.reduceat(course.scores, first) / counts
    axes.plot(spent[last], means, color="#4878b4", label="mean of a generation")
    axes.step(spent, course.best, where="post", color="#e3a008", linewidth=2, label="best so far")
    axes.set_xlabel("sampler steps")
    axes.set_ylabel(label, parse_math=False)  # it may quote a person
    axes.set_xlim(left=0)
    axes.grid(alpha=0.25)
    axes.legend(loc="lower right", frameon=False)

    def in_pictures(steps: Any) -> Any:
        return np.asarray(steps) / full

    def in_steps(pictures: Any) -> Any:
        return np.asarray(pictures) * full

    across = axes.secondary_xaxis("top", (in_pictures, in_steps))
    across.set_xlabel(f"full pictures ({full} steps each)")
    figure.savefig(file, dpi=DOTS_PER_INCH, format="png", metadata={SOFTWARE: MARK})
