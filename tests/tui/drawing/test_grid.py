"""The grid of pictures."""

from itertools import product

import pytest

from tui.drawing.grid import Grid, best_grid, per_screen


@pytest.mark.parametrize(
    ("count", "room", "grid"),
    [
        (6, (80, 22), Grid(3, 2, 20, 10)),
        (12, (120, 34), Grid(4, 3, 20, 10)),
        (12, (126, 48), Grid(4, 3, 30, 15)),
        (12, (166, 58), Grid(4, 3, 36, 18)),
        (1, (80, 22), Grid(1, 1, 42, 21)),
    ],
)
def test_pictures_are_as_large_as_they_can_be(count, room, grid):
    assert best_grid(count, *room) == grid


def test_all_pictures_fit_with_their_captions_and_gaps():
    rooms = [(60, 14), (80, 22), (200, 58), (20, 50)]
    for count, room, aspect in product(range(1, 17), rooms, [0.5, 1.0, 1.8]):
        grid = best_grid(count, *room, aspect)
        assert grid.columns * grid.rows >= count, (count, room, aspect)
        if grid.width > 1:
            assert grid.columns * (grid.width + 1) - 1 <= room[0], (count, room, aspect)
            assert grid.rows * (grid.height + 1) <= room[1], (count, room, aspect)


@pytest.mark.parametrize(
    ("room", "count"),
    [((80, 22), 6), ((120, 34), 12), ((86, 34), 12), ((200, 58), 12), ((60, 14), 3)],
)
def test_a_page_is_split_before_its_pictures_are_too_small(room, count):
    assert per_screen(12, *room) == count


def test_a_large_page_is_split_into_screens_that_can_be_repainted():
    assert per_screen(40, 300, 120) <= 16


def test_no_room_at_all_still_shows_one():
    assert per_screen(12, 0, 0) == 1
