"""What is sent to the terminal: the measure of how the app feels over ssh."""

import numpy as np
import pytest
from fake_session import FakeSession
from stage import on_stage

KIB = 1024


def noise(id: int) -> np.ndarray:
    """Return the picture that needs the most bytes."""
    return np.random.default_rng(id).integers(0, 256, (64, 64, 3), np.uint8)


async def test_moving_and_judging_send_less_than_a_kibibyte():
    async with on_stage(FakeSession((12, 12)), (200, 60), draws=True) as stage:
        # The parents beside the gallery are drawn when the cursor rests; and Textual sends a
        # widget once more that changed while the screen was laid out.
        await stage.pilot.pause(0.4)
        await stage.press("right", "left")
        await stage.pilot.pause(0.4)
        for key in ("right", "4", "x", "p", "space", "u", "0", "left"):
            stage.app.sent = 0
            await stage.press(key)
            assert 0 < stage.app.sent < KIB, key


async def test_a_key_that_changes_nothing_sends_nothing():
    async with on_stage(draws=True) as stage:
        await stage.press("3")
        await stage.pilot.pause(0.3)  # till all that the start leads to is drawn
        stage.app.sent = 0
        await stage.press("3", "left")
        assert stage.app.sent == 0


async def test_a_finished_picture_repaints_only_itself():
    async with on_stage(size=(160, 50), draws=True) as stage:
        await stage.press("5", "b")
        await stage.pilot.pause()
        stage.app.sent = 0
        stage.session.finish([15])
        await stage.until(lambda: stage.captions[3] == "15")
        await stage.pilot.pause()
        assert 0 < stage.app.sent < 8 * KIB


async def settled(stage) -> None:
    """Wait until nothing more is sent: a busy machine takes its time."""
    before = -1
    while before != stage.app.sent:
        before = stage.app.sent
        await stage.pilot.pause(0.3)


async def test_opening_sends_little_more_than_one_screen_of_pictures(monkeypatch):
    monkeypatch.setattr("tui.screens.curtain.CURTAIN", 600.0)  # however busy the machine
    async with on_stage(FakeSession(picture=noise), size=(160, 50), draws=True) as stage:
        await settled(stage)
        opened = stage.app.sent
        stage.app.sent = 0
        stage.gallery.refresh(layout=True)
        await settled(stage)
        assert opened < 3.8 * stage.app.sent  # once, up to thrice on a busy machine


@pytest.mark.parametrize("keys", ["i", "i i", "c"])
async def test_what_changes_the_layout_is_painted_with_all_its_pictures_and_not_before(
    keys, monkeypatch
):
    monkeypatch.setattr("tui.screens.curtain.CURTAIN", 600.0)  # however busy the machine
    session = FakeSession((12, 12, 12), picture=noise)
    async with on_stage(session, size=(160, 50), draws=True) as stage:
        for key in keys.split():
            await settled(stage)
            stage.app.sent = 0
            await stage.press(key)
        await settled(stage)
        painted, stage.app.sent = stage.app.sent, 0
        stage.app.screen.refresh(layout=True)
        await settled(stage)
        assert 0 < painted < 1.5 * stage.app.sent


async def test_opening_and_leaving_a_screen_sends_one_screen_of_pictures():
    async with on_stage(FakeSession(picture=noise), size=(160, 50), draws=True) as stage:
        await stage.press("right")
        await settled(stage)
        stage.app.sent = 0
        stage.gallery.refresh(layout=True)
        await settled(stage)
        once = stage.app.sent
        for opens in ("s", "question_mark", "e"):
            for key in (opens, "escape"):
                stage.app.sent = 0
                await stage.press(key)
                await settled(stage)
                assert 0 < stage.app.sent < 1.5 * once, key
