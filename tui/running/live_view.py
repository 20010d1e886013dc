"""A run in a terminal: how far it is, the course of its scores, and the best picture so far."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.segment import Segment
from rich.style import Style

from evolve.text import one_line
from tui.drawing.blocks import Blocks, fit, to_strips
from tui.drawing.plain import plain
from tui.running.curve import bars, curve_of, sparkline
from tui.running.figures import best_of, done_of, mean_of
from tui.running.pace import Goal, Pace, clock_time

if TYPE_CHECKING:
    from evolve.session.archive import Picture
    from evolve.session.headless.progress import Progress

    PictureOf = Callable[[int], Picture | None]

PER_SECOND = 4
TALLEST = 24
"""Rows of the picture and the chart at most."""
OTHERS = 7
"""Rows that are left to the lines around them, and to the prompt of the shell."""
GAP = 2
NARROWEST = 24
"""Columns of a chart that is worth drawing."""

MEAN, BEST = "rgb(72,120,180)", "rgb(240,180,60)"
STYLES = {
    "mean": Style.parse(MEAN),
    "best": Style.parse(BEST),
    "both": Style.parse(f"{MEAN} on {BEST}"),
    "none": Style.null(),
}
DIM, BOLD = Style(dim=True), Style(bold=True)


class LiveView:
    """Draws a few lines at the bottom of the terminal again and again."""

    def __init__(
        self, goal: Goal, *, title: str, picture_of: PictureOf, blocks: Blocks, console: Console
    ) -> None:
        """Begin to draw; see `view_for`."""
        self._pace, self._title, self._picture_of = Pace(goal), title, picture_of
        self._blocks, self._console = blocks, console
        self._progress: Progress | None = None
        self._scores = np.empty(0)
        self._best: tuple[int, Picture | None] = (-1, None)
        self._notice = ""
        self._live = Live(
            self, console=console, refresh_per_second=PER_SECOND, vertical_overflow="crop"
        )
        self._live.start()

    def show(self, progress: Progress) -> None:
        """Draw this from now on; called from the thread that has the population."""
        self._pace.note(progress)
        if len(progress.scores) != len(self._scores):
            self._scores = progress.scores.in_order  # a copy: it is drawn from another thread
        self._progress = progress
        if progress.best is not None and progress.best[0] != self._best[0]:
            best = progress.best[0]
            self._best = best, self._picture_of(best)

    def notice(self, text: str) -> None:
        """Show a notice below."""
        self._notice = one_line(text)

    def stop(self) -> None:
        """Leave the last state on the screen, and the cursor as it was; a second call does nothing.

        The terminal may be gone.
        """
        if self._progress is not None and self._live.is_started:
            self.show(self._progress)  # which may have changed since
        with contextlib.suppress(OSError):
            self._live.stop()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw all of it as wide as the terminal."""
        for line in self._lines(options.max_width, options.size.height):
            yield from line
            yield Segment.line()

    def _lines(self, width: int, height: int) -> Iterator[list[Segment]]:
        progress = self._progress
        yield self._spread(self._title, self._counted(progress), width)
        yield self._bar(width)
        if progress is not None and progress.best is not None:
            yield from self._body(progress, width, max(0, min(TALLEST, height - OTHERS)))
        if self._notice:
            yield [Segment(self._text(self._notice)[:width], DIM)]

    def _counted(self, progress: Progress | None) -> str:
        if progress is None or not progress.generations:
            return "loading the model"
        done = done_of(progress, self._pace.goal)
        return "  ".join([f"generation {progress.generations}", *done])

    def _bar(self, width: int) -> list[Segment]:
        left = self._pace.left
        about = "" if self._pace.goal.minutes is not None else "about "
        rest = f", {about}{clock_time(left)} left" if left else ""
        text = f" {self._pace.share:4.0%}  {clock_time(self._pace.elapsed)}{rest}"
        room = max(0, width - len(text))
        full = round(room * self._pace.share)
        bar = [
            Segment(self._text("━" * full), STYLES["best"]),
            Segment(self._text("─" * (room - full)), DIM),
        ]
        return [*bar, Segment(text[:width])]

    def _body(self, progress: Progress, width: int, rows: int) -> Iterator[list[Segment]]:
        """Give the chart, and the picture to the right of it; what has no room is left out."""
        assert progress.best is not None
        picture = self._picture(width, rows)
        across = max((sum(len(s.text) for s in line) for line in picture), default=0)
        chart = self._chart(width - across - GAP if across else width, rows)
        for row in range(max(len(chart), len(picture))):
            line = chart[row] if row < len(chart) else []
            if row < len(picture):
                used = sum(len(segment.text) for segment in line)
                line = [*line, Segment(" " * (width - across - used)), *picture[row]]
            yield line
        cost = f"cost: {progress.cost.full_pictures:.1f} full pictures"
        best = best_of(progress, colon=":")
        if progress.by_second_look:
            best += " by a second look"
        figures = "  ".join(filter(None, (best, mean_of(progress))))
        yield self._spread(figures, cost if progress.cost.forwards else "", width)

    def _picture(self, width: int, rows: int) -> list[list[Segment]]:
        picture = self._best[1]
        if picture is None or self._blocks is Blocks.NONE or rows < 4 or self._console.no_color:
            return []
        aspect = picture.shape[1] / picture.shape[0]
        columns, rows = fit(width // 2, rows, aspect)
        if columns < 4:
            return []
        strips = to_strips(picture, columns, rows, self._blocks)
        return [list(strip) for strip in strips]

    def _chart(self, width: int, rows: int) -> list[list[Segment]]:
        labels = 9
        curve = curve_of(self._scores, max(1, width - labels))
        if curve is None or width < NARROWEST:
            return []
        if self._blocks in (Blocks.ASCII, Blocks.NONE) or self._console.no_color or rows < 3:
            line = sparkline(curve.best, ascii_only=not self._is_unicode)
            return [[Segment("best so far"[:width], DIM)], [Segment(line[:width])]]
        drawn = [[Segment(text, STYLES[part]) for text, part in row] for row in bars(curve, rows)]
        for row, value in ((0, curve.high), (rows - 1, curve.low)):
            drawn[row].insert(0, Segment(f"{value:>{labels - 1}.3g} "[:labels], DIM))
        for row in range(1, rows - 1):
            drawn[row].insert(0, Segment(" " * labels))
        return drawn

    def _spread(self, left: str, right: str, width: int) -> list[Segment]:
        """Return two texts at the ends of a line; if they do not fit, as much of the left one."""
        right = set_cell_size(self._text(right), min(width, cell_len(self._text(right))))
        room = max(0, width - cell_len(right))
        return [Segment(set_cell_size(self._text(left), room), BOLD), Segment(right)]

    def _text(self, text: str) -> str:
        return text if self._is_unicode else plain(text)

    @property
    def _is_unicode(self) -> bool:
        return self._blocks is not Blocks.ASCII and self._console.encoding.startswith("utf")


def view_for(goal: Goal, *, title: str, picture_of: PictureOf, blocks: str) -> LiveView | None:
    """Return a live view, or None where stderr is no terminal.

    Args:
        goal: What ends the run.
        title: What is bred, and by what.
        picture_of: Gives the picture of an individual, None if there is none any more.
        blocks: What pictures are drawn with (`tui.drawing.kinds.BLOCKS`).
    """
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal or console.is_dumb_terminal:
        return None
    kinds = {str(each) for each in Blocks}
    drawn = Blocks(blocks) if blocks in kinds else Blocks.QUADRANT
    return LiveView(
        goal, title=one_line(title), picture_of=picture_of, blocks=drawn, console=console
    )
