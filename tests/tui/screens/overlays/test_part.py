"""One part of the picture, enlarged in all pictures of the page."""

import numpy as np
import pytest
from fake_session import FakeSession
from stage import on_stage

from tui.controller.places.region import MOST, Cropped, Region
from tui.screens.overlays.part_choice import PartChoice
from tui.widgets.wall import Wall


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


@pytest.mark.parametrize("key", ["escape", "q", "P"])
async def test_the_box_is_left_without_enlarging(key):
    async with on_stage() as stage:
        await stage.press("P", "down", key)
        assert stage.app.screen is stage.gallery
        assert stage.gallery.part is None


async def test_moving_while_a_part_is_enlarged_sends_no_picture_again():
    async with on_stage(FakeSession((12,)), (160, 50)) as stage:
        await stage.press("P", "enter")
        await stage.until(lambda: stage.gallery.part)
        await stage.quiet()
        stage.app.sent = 0
        await stage.press("right")
        assert 0 < stage.app.sent < 1024


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (64, 64)])
def test_of_the_same_picture_the_same_part_is_given(size):
    part, pixels = Cropped(Region(left=14, top=14, width=2, height=2)), np.zeros((*size, 3), "u1")
    assert part.of(pixels) is part.of(pixels)
    assert part.of(pixels).size > 0
    for _ in range(2 * MOST):
        part.of(np.zeros((8, 8, 3), np.uint8))
    assert len(part._kept) == MOST
