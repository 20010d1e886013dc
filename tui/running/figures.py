"""How far a run is, its best and its mean in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evolve.scoring.combining import in_words
from evolve.scoring.fitness import first_looks, scores_in_words
from populations.core.captions import counted

if TYPE_CHECKING:
    from evolve.session.headless.progress import Progress
    from tui.running.pace import Goal


def done_of(progress: Progress, goal: Goal) -> list[str]:
    """Return the pictures, and the steps where they are the budget, each of how many."""
    done = progress.images
    is_on_the_way = goal.images is not None and done <= goal.images
    pictures = f"{done}/{goal.images} pictures" if is_on_the_way else counted(done, "picture")
    steps = [f"{progress.spent}/{goal.forwards} steps"] if goal.forwards else []
    return [pictures, *steps]


def best_of(progress: Progress, *, colon: str = "") -> str:
    """Return the best individual and its score, or its combined score and each of them."""
    if progress.best is None:
        return ""
    individual, fitness = progress.best
    text = f"best #{individual}{colon} {in_words(fitness, progress.combined)}"
    if progress.combined is None:
        return text
    return f"{text} ({scores_in_words(first_looks(progress.best_scores))})"


def mean_of(progress: Progress) -> str:
    """Return the mean score; nothing where the mean is the same whatever is bred."""
    if progress.mean_score is None or progress.combined is not None:
        return ""
    return f"mean {progress.mean_score:.3g}"
