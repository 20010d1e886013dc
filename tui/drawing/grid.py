"""The grid in which pictures are largest."""

from __future__ import annotations

from dataclasses import dataclass

from tui.drawing.blocks import fit

GAP = 1
"""Empty columns between pictures."""
CAPTION = 1
"""Lines under a picture."""
COMFORT = (16, 8)
"""Cells that a square picture should have at least, to tell faces apart."""
MOST = 16
"""Pictures on one screen at most: more would cost too much to repaint."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The arrangement of the pictures of one screen."""

    columns: int
    rows: int
    width: int
    """Cells a picture is wide."""
    height: int
    """Cells a picture is high, without its caption."""


def best_grid(count: int, width: int, height: int, aspect: float = 1.0) -> Grid:
    """Return the grid that shows `count` pictures as large as possible in `width` x `height` cells.

    Of equally large ones the one with the fewest empty places wins.

    Args:
        count: Number of pictures, at least 1.
        width: Cells across.
        height: Cells down, captions included.
        aspect: Width / height of a picture in pixels.
    """
    best, best_key = Grid(1, 1, 1, 1), (-1, 0)
    for columns in range(1, count + 1):
        grid = grid_of(columns, count, width, height, aspect)
        key = (grid.width * grid.height, count - columns * grid.rows)
        if grid.width and key > best_key:
            best, best_key = grid, key
    return best


def grid_of(columns: int, count: int, width: int, height: int, aspect: float = 1.0) -> Grid:
    """Return the grid of `count` pictures in `columns`; without room, pictures have no size."""
    rows = -(-count // columns)
    across = (width - GAP * (columns - 1)) // columns
    down = height // rows - CAPTION
    if across < 1 or down < 1:
        return Grid(columns, rows, 0, 0)
    return Grid(columns, rows, *fit(across, down, aspect))


def per_screen(count: int, width: int, height: int, aspect: float = 1.0) -> int:
    """Return how many of `count` pictures to show at once.

    A page that would make the pictures too small is split into equal screens.
    """
    least = COMFORT[0] * COMFORT[1] * 0.9  # rounding to whole cells may take a column
    for screens in range(1, count + 1):
        shown = -(-count // screens)
        if shown > MOST:
            continue
        grid = best_grid(shown, width, height, aspect)
        if grid.width * grid.height >= least:
            return shown
    return 1
