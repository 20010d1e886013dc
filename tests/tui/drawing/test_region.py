"""A box on a picture, inside which it is painted anew."""

import numpy as np
import pytest
from fake_session import FakeSession, flat_picture
from stage import on_stage

from tui.controller.region import GRID, Region, framed
from tui.dialogs.prompt_editor import PromptEditor
from tui.screens.overlays.repaint import Repaint
from tui.screens.overlays.zoom import Zoom
from tui.widgets.thumb import Thumb


@pytest.mark.parametrize(
    ("keys", "region"),
    [
        ("right l down j", Region(6, 10, 8, 6)),
        ("left h up k", Region(2, 6, 8, 6)),
        ("shift+left H shift+up K", Region(4, 8, 6, 4)),
        ("shift+right L shift+down J", Region(4, 8, 10, 8)),
    ],
)
async def test_keys_move_and_resize_the_box(keys, region):
    async with on_stage() as stage:
        await stage.press("R", *keys.split())
        assert stage.app.screen.box == region
        assert str(region) in stage.status


async def test_the_box_stays_on_the_picture():
    for moved in (Region().move(99, 99), Region().move(-99, -99), Region().grow(99, 99)):
        assert 0 <= moved.left <= moved.left + moved.width <= GRID
        assert 0 <= moved.top <= moved.top + moved.height <= GRID
    assert Region().grow(-99, -99).width == 2


@pytest.mark.parametrize("key", ["enter", "b"])
async def test_children_differ_inside_the_box_only(key):
    async with on_stage() as stage:
        await stage.press("right", "enter", "R", "down", key)
        assert stage.session.repainted == [(1, 12, (0.25, 0.5625, 0.75, 0.9375))]
        assert stage.app.screen is stage.gallery
        assert stage.cursor == 12
        await stage.press("R")  # the box is where it was
        assert stage.app.screen.box == Region().move(0, 1)


async def test_the_picture_is_dimmed_outside_the_box():
    async with on_stage() as stage:
        await stage.press("R")
        picture = stage.app.screen.query_one("#picture", Thumb)
        await stage.until(lambda: picture.pixels is not None)
        whole = stage.controller.pictures.get(0)
        assert (picture.pixels == framed(whole, Region())).all()


def test_the_frame_is_seen_on_any_picture():
    grey = np.full((128, 128, 3), 100, np.uint8)
    shown = framed(grey, Region(4, 4, 8, 8))
    assert (shown[0, 0] == 40).all()
    assert (shown[32, 32] == 155).all()
    assert (shown[64, 64] == 100).all()
    assert framed(flat_picture(1), Region()).shape == (32, 32, 3)


async def test_words_can_be_edited_and_the_box_left():
    async with on_stage() as stage:
        for key in ("escape", "q", "R"):
            await stage.press("R", "e")
            assert isinstance(stage.app.screen, PromptEditor)
            await stage.press("escape")
            assert isinstance(stage.app.screen, Repaint)
            await stage.press(key)
            assert stage.app.screen is stage.gallery
        await stage.press("enter", "R", "escape")
        assert isinstance(stage.app.screen, Zoom)


async def test_what_is_not_painted_cannot_be_painted_over():
    session = FakeSession()
    del session.archive.pictures[0]
    async with on_stage(session) as stage:
        await stage.press("R", "enter")
        assert session.repainted == []
        assert "has to be painted before" in stage.status
