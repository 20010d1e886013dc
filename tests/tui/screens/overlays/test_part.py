"""One part of the picture, enlarged in all pictures of the page."""

import numpy as np
import pytest
from fake_session import FakeSession
from stage import on_stage
from textual.events import MouseMove

from tui.controller.places.region import MOST, Cropped, Region
from tui.screens.overlays.part_choice import PartChoice
from tui.widgets.pictures.drawn_on import Drawn, DrawnOn
from tui.widgets.pictures.wall import Wall


def shown(stage) -> list[np.ndarray]:
    return [face.pixels for face in stage.gallery.query_one(Wall).faces]


async def test_the_part_in_the_box_fills_every_place_until_all_of_it_is_wanted_again():
    async with on_stage(FakeSession((12, 12)), (160, 50)) as stage:
        whole = shown(stage)
        await stage.press("P")
        assert isinstance(stage.app.screen, PartChoice)
        await stage.press("down", "J", "l", "enter")
        await stage.until(lambda: stage.gallery.part)
        assert stage.app.screen is stage.gallery
        box = Region().move(0, 1).grow(0, 1).move(1, 0)
        left, top, right, bottom = box.shares
        for before, after in zip(whole, shown(stage), strict=True):
            height, width = before.shape[:2]
            there = before[int(top * height) : round(bottom * height)]
            assert (after == there[:, int(left * width) : round(right * width)]).all()
        assert "a part of each, P: all of it" in stage.status
        await stage.press("5", "comma")  # keys mean what they did, and other pages show it too
        assert stage.judgements == [(12, "rate", 5)]
        await stage.until(lambda: all(p is not None for p in shown(stage)))
        assert {p.shape for p in shown(stage)} == {after.shape}
        await stage.press("full_stop", "P")
        assert all(a is b for a, b in zip(shown(stage), whole, strict=True))
        await stage.press("P")
        assert stage.app.screen.box == box


async def test_the_box_is_left_without_enlarging(stage):
    for key in ("escape", "q", "P"):
        await stage.press("P", "down", key)
        assert stage.app.screen is stage.gallery
        assert stage.gallery.part is None


async def test_moving_while_a_part_is_enlarged_sends_no_picture_again():
    async with on_stage(FakeSession((12,)), (160, 50), draws=True) as stage:
        await stage.press("P", "enter")
        await stage.until(lambda: stage.gallery.part)
        assert 0 < await stage.sent_by_moving() < 1024


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (64, 64)])
def test_of_the_same_picture_the_same_part_is_given(size):
    part, pixels = Cropped(Region(14, 14, 2, 2).shares), np.zeros((*size, 3), "u1")
    assert part.of(pixels) is part.of(pixels)
    assert part.of(pixels).size > 0
    for _ in range(2 * MOST):
        part.of(np.zeros((8, 8, 3), np.uint8))
    assert len(part._kept) == MOST


@pytest.mark.parametrize(
    ("one", "other", "shares"),
    [
        ((10, 0), (29, 19), (0, 0, 1, 1)),
        ((15, 5), (19, 9), (0.25, 0.25, 0.5, 0.5)),
        ((19, 9), (15, 5), (0.25, 0.25, 0.5, 0.5)),
        ((19, 5), (15, 9), (0.25, 0.25, 0.5, 0.5)),
        ((-9, -9), (99, 99), (0, 0, 1, 1)),
        ((0, 3), (0, 3), (0, 0.15, 0.05, 0.2)),
    ],
)
def test_two_cells_are_opposite_corners_of_a_rectangle_on_the_picture(one, other, shares):
    drawn = Drawn(one, one, other, (10, 0, 20, 20))
    assert drawn.box == pytest.approx(shares)


def test_a_rectangle_drawn_at_an_edge_is_a_box_of_the_least_size():
    assert Region.near((0.99, 0.99, 1, 1)) == Region(14, 14, 2, 2)
    assert Region.near((0, 0, 0.01, 0.01)) == Region(0, 0, 2, 2)
    assert Region.near((0.25, 0.5, 0.75, 0.9)) == Region(4, 8, 8, 6)


async def test_the_box_follows_the_mouse(stage):
    await stage.press("P")
    picture = stage.app.screen.query_one(DrawnOn)
    await stage.until(lambda: picture.pixels is not None)
    left, top, columns, rows = picture.area
    left, top = left + picture.region.x, top + picture.region.y
    await stage.drag((left + columns - 1, top + rows - 1), (left + columns // 2, top))
    assert stage.app.screen.box == Region(8, 0, 8, 16)
    await stage.drag((left, top), (0, 35))  # beyond the picture
    assert stage.app.screen.box == Region(0, 0, 2, 16)
    assert str(stage.app.screen.box) in stage.status


async def test_other_buttons_than_the_left_draw_no_box_and_click_nothing(stage):
    wall = stage.gallery.query_one(Wall)
    for button in (2, 3):
        at = wall.children[5].region.center
        await stage.drag((int(at[0]), int(at[1])), (int(at[0]), int(at[1])), button=button)
        assert stage.cursor == 0
    await stage.press("P")
    picture = stage.app.screen.query_one(DrawnOn)
    await stage.until(lambda: picture.pixels is not None)
    for button in (2, 3):
        await stage.drag((60, 20), (70, 25), button=button)
        await stage.drag((60, 20), (60, 20), button=button)
    assert stage.app.screen.box == Region()


async def test_a_click_puts_the_middle_of_the_box_there(stage):
    await stage.press("P")
    picture = stage.app.screen.query_one(DrawnOn)
    await stage.until(lambda: picture.pixels is not None)
    await stage.click(picture)
    assert stage.app.screen.box == Region(4, 5, 8, 6)


async def test_a_box_being_drawn_is_left_by_a_key(stage):
    await stage.press("P")
    picture = stage.app.screen.query_one(DrawnOn)
    await stage.until(lambda: picture.pixels is not None)
    await stage.drag((60, 20), (70, 25), let_go=False)
    stage.app.post_message(MouseMove(None, 5, 5, 0, 0, 0, False, False, False, 5, 5))
    await stage.until(lambda: stage.app.mouse_captured is None)  # it was let go of elsewhere
    await stage.drag((60, 20), (70, 25), let_go=False)
    await stage.press("escape")
    await stage.drag((70, 25), (75, 30))
    assert stage.app.screen is stage.gallery
    assert stage.app.mouse_captured is None


async def test_the_box_begins_where_a_place_was_repainted_last(stage):
    await stage.press("R", "right", "down", "b")
    await stage.until(lambda: stage.cursor == 12)
    await stage.press("comma", "P")
    await stage.until(lambda: isinstance(stage.app.screen, PartChoice))
    left, top, right, bottom = stage.app.screen.box.shares
    mask = stage.gallery.repainted[1].mask
    rows, columns = mask.any(1).nonzero()[0], mask.any(0).nonzero()[0]
    height, width = mask.shape
    found = columns[0] / width, rows[0] / height, (columns[-1] + 1) / width
    assert (left, top, right) == pytest.approx(found, abs=1 / 16)
    assert bottom == pytest.approx((rows[-1] + 1) / height, abs=1 / 16)
