"""A run in a log: a line for each generation that is scored, without control codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evolve.text import one_line
from tui.cli.output import aside
from tui.running.figures import best_of, done_of, mean_of
from tui.running.pace import Goal, Pace, clock_time

if TYPE_CHECKING:
    from evolve.session.headless.progress import Progress


class PlainLines:
    """Prints on stderr what is new."""

    def __init__(self, goal: Goal) -> None:
        """Begin to watch a run up to a goal."""
        self._pace = Pace(goal)
        self._scored: int | None = None
        self._last: Progress | None = None
        self._generation = 0
        """The one before the next is born: that one is what has been scored."""

    def show(self, progress: Progress) -> None:
        """Print a line if a generation has been scored since the last one."""
        self._last = progress
        self._pace.note(progress)
        scored = len(progress.scores)
        if scored and scored != self._scored:
            # What was there before the run is none of its generations.
            if self._scored is not None or progress.cost.scores:
                aside(line_of(progress, self._pace, self._generation))
            self._scored = scored
        self._generation = progress.generations

    def notice(self, text: str) -> None:
        """Print a notice."""
        aside(one_line(text))

    def stop(self) -> None:
        """Print the last line: a run ends right after its last generation is scored."""
        if self._last is not None:
            self.show(self._last)


def line_of(progress: Progress, pace: Pace, generation: int) -> str:
    """Return how far a run is when a generation has been scored, in a line."""
    parts = [*done_of(progress, pace.goal), *filter(None, (best_of(progress), mean_of(progress)))]
    parts.append(clock_time(pace.elapsed))
    if pace.left:
        parts.append(f"about {clock_time(pace.left)} left")
    return f"generation {generation}: {', '.join(parts)}"
