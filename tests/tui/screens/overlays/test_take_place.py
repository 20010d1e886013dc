"""A place of a picture is taken from another one, or its latest edit off."""

import numpy as np
from fake_session import FakeSession
from marked import FIRST, MOUTH, box, found
from stage import on_stage

from evolve.search.edits import Taken, TakenOff
from tui.controller.places.place import FAR
from tui.dialogs.ask import Ask
from tui.screens.overlays.compare import Compare
from tui.screens.overlays.lineage import Lineage
from tui.screens.overlays.take_place import TakePlace
from tui.widgets.pictures.drawn_on import DrawnOn
from tui.widgets.pictures.wall import Wall


async def test_a_place_is_taken_from_the_marked_picture(stage):
    await stage.press("T")
    assert "mark the picture" in stage.status
    await stage.press("right", "space", "right")
    for key in ("escape", "q", "T"):
        await stage.press("T", key)
        assert stage.app.screen is stage.gallery
    await stage.press("T")
    screen = stage.app.screen
    assert isinstance(screen, TakePlace)
    view = screen.query_one(DrawnOn)
    await stage.until(lambda: view.pixels is not None)
    inside, outside = (9 * 2 + 1, 8 * 2), (0, 0)
    whole = {id: stage.controller.pictures.get(id) for id in (1, 2)}
    assert (view.pixels[inside] == whole[1][inside]).all()
    assert (view.pixels[outside] == (whole[2][outside] * 0.4).astype(np.uint8)).all()
    await stage.press("f", "enter")
    ((parent, change, _),) = stage.session.altered
    assert parent == 2
    assert isinstance(change, Taken)
    assert (change.other, change.depth) == (1, FAR[1].taken)
    assert (change.mask == box(*FIRST)).all()


async def test_words_find_what_is_taken(stage):
    stage.session.unknown["a hat"] = "there is little to take"
    await stage.press("space", "right", "T")
    assert "a by words" in stage.keys
    await stage.press("a", *"-hat", "enter")
    assert isinstance(stage.app.screen, Ask)
    await stage.press(*["backspace"] * 4, *"a hat", "enter", "enter")
    assert stage.session.altered == []  # keys wait for the place
    assert stage.session.sought[0][0] == 1
    written = stage.app.screen.query_one("#wish").text
    assert "a hat taken from #0  looking" in written
    assert "there is little to take of #0" in written
    stage.session.emit(found(stage.session, MOUTH))
    await stage.until(lambda: stage.session.altered)
    ((parent, change, _),) = stage.session.altered
    assert (parent, change.other, change.asked) == (1, 0, {"words": "a hat"})
    assert change.prompt == stage.session.words_taken(1, 0, "a hat")
    assert change.mask[MOUTH].all()
    assert change.mask.sum() < 40


async def test_a_place_is_taken_from_what_is_compared(stage):
    await stage.press("space", "right", "c")
    assert isinstance(stage.app.screen, Compare)
    await stage.press("T", "enter")
    ((parent, change, _),) = stage.session.altered
    assert (parent, change.other) == (1, 0)


async def test_a_part_of_every_ancestor_is_seen_and_taken_from_one():
    async with on_stage(FakeSession((12, 12)), (160, 50)) as stage:
        await stage.press("t")
        assert isinstance(stage.app.screen, Lineage)
        await stage.press("T")
        assert "go to the picture" in stage.status
        await stage.press("P", "down", "enter")
        await stage.until(lambda: stage.gallery.part)
        wall = stage.app.screen.query_one(Wall)
        await stage.until(lambda: all(f.pixels.shape[0] < 32 for f in wall.faces if f.id >= 0))
        await stage.press("left", "T")
        screen = stage.app.screen
        assert isinstance(screen, TakePlace)
        assert screen.source == 0
        assert (screen.place.mask == box(4, 9, 8, 6)).all()
        await stage.press("enter")
        assert stage.session.altered[0][0] == 12


async def test_the_latest_edit_is_taken_off(stage):
    await stage.press("R", "enter", "X")
    stage.session.finish([12])
    await stage.press("X")
    parent, change, _ = stage.session.altered[-1]
    assert parent == 12
    assert isinstance(change, TakenOff)
    assert stage.cursor == 24
    assert "#24 is without the edit of #12; , goes back to that" in stage.status
    stage.session.finish([24])
    await stage.press("comma", "comma", "X")
    await stage.until(lambda: "no edit that could be taken off" in stage.status)
