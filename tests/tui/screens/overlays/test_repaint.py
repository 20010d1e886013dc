"""A place on a picture is marked by keys and mouse, and painted again."""

import gc
import weakref

import numpy as np
import pytest
from fake_session import FakeSession
from marked import FIRST, box
from stage import on_stage
from textual import events as textual_events

from evolve.search.edits import ANEW, PaintedPlace
from tui.controller.places.edited_pages import KEPT
from tui.controller.places.place import FAR, marked
from tui.dialogs.prompt_editor import PromptEditor
from tui.drawing.blocks import Blocks
from tui.screens.overlays.repaint import Repaint
from tui.screens.overlays.zoom import Zoom
from tui.widgets.pictures.drawn_on import Drawn, DrawnOn
from tui.widgets.pictures.wall import Wall


async def test_keys_move_and_resize_the_box_outside_which_the_picture_is_dimmed(stage):
    await stage.press("R")
    picture = stage.app.screen.query_one("#picture", DrawnOn)
    await stage.until(lambda: picture.pixels is not None)
    whole = stage.controller.pictures.get(0)
    assert (picture.pixels == marked(whole, box(*FIRST))).all()
    await stage.press("escape")
    for keys, expected in (
        ("right l down j", (6, 10, 8, 6)),
        ("left h up k", (2, 6, 8, 6)),
        ("shift+left H shift+up K", (4, 8, 6, 4)),
        ("shift+right L shift+down J", (4, 8, 10, 8)),
        ("o shift+right J", (5, 9, 7, 5)),
        ("o H K o L", (3, 7, 10, 7)),
        ("plus plus minus", (3, 7, 10, 8)),
        ("minus minus minus minus", (6, 10, 4, 2)),
        ("right u", FIRST),
    ):
        await stage.press("R", *keys.split())
        assert (stage.app.screen.place.mask == box(*expected)).all(), keys
        share = f"{box(*expected).mean():.0%} of the picture"
        assert share in stage.app.screen.query_one("#wish").text
        await stage.press("escape")


async def test_larger_and_smaller_undo_each_other(stage):
    for draw in ("", "n space left space escape", "space down space escape"):
        await stage.press("R", *draw.split())
        before = stage.app.screen.place.mask
        for keys in ("plus minus", "minus plus", "plus " * 9 + "minus " * 9):
            await stage.press(*keys.split())
            assert (stage.app.screen.place.mask == before).all(), (draw, keys)
        await stage.press("escape")


async def test_where_nothing_is_marked_no_size_is_shown(stage):
    await stage.press("R", "c")
    assert "nothing is marked" in stage.app.screen.query_one("#wish").text
    assert "%" not in stage.status


async def test_several_boxes_and_single_cells_are_marked_and_freed(stage):
    await stage.press("R", "n", *["K"] * 9, *["H"] * 9, *["right"] * 9, *["up"] * 9)
    place = stage.app.screen.place
    expected = box(*FIRST) | box(15, 0, 1, 1)
    assert (place.mask == expected).all()
    await stage.press("space")  # the brush, in the middle of what is marked
    row, column = stage.app.screen.brush
    await stage.press("space", "down", "space", "escape")
    expected[[row, row + 1], column] ^= True
    assert (stage.app.screen.place.mask == expected).all()
    assert stage.app.screen.brush is None
    await stage.press("u", "u", "u", "n", "c")
    assert not stage.app.screen.place.mask.any()
    await stage.press("enter")
    assert isinstance(stage.app.screen, Repaint)
    assert "nothing is marked" in stage.status
    assert stage.session.altered == []


async def test_the_mouse_marks_cells_and_frees_those_it_begins_on():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("R", "c")
        view = stage.app.screen.query_one(DrawnOn)
        await stage.until(lambda: view.pixels is not None)
        left, top, columns, rows = view.area

        async def drag(*across, button=1):
            """Drag the mouse along the ninth of sixteen rows."""
            x, y = view.region.x + left, view.region.y + top + int(8.5 / 16 * rows)
            cells = [(x + int(share / 16 * columns), y) for share in across]
            await stage.drag(*cells, button=button)

        await drag(2.5, 3.5, 4.5)
        assert (stage.app.screen.place.mask == box(2, 8, 3, 1)).all()
        await drag(3.5, 4.5, 8.5)
        assert (stage.app.screen.place.mask == box(2, 8, 1, 1)).all()
        await drag(8.5, 2.5, button=3)
        assert not stage.app.screen.place.mask.any()


async def test_without_pictures_words_say_where_it_is_marked():
    async with on_stage(blocks=Blocks.NONE) as stage:
        await stage.press("R")
        picture = stage.app.screen.query_one(DrawnOn)
        await stage.until(lambda: picture.pixels is not None)

        def words() -> str:
            return " ".join(
                "".join(part.text for part in picture.render_line(y)).strip()
                for y in range(picture.size.height)
            )

        assert "19% of the picture, from 25% to 75% across, 50% to 88% down" in words()
        await stage.press("c")
        assert "across" not in words()
        left, top, columns, _ = picture.area
        left, top = left + picture.region.x, top + picture.region.y
        await stage.drag((left + columns - 2, top + 1), (left + columns - 1, top + 1))
        await stage.until(lambda: "to 100% across" in words())
        await stage.press("space")
        await stage.until(lambda: "space marks at" in words())


async def test_a_fast_stroke_has_no_gaps_and_is_taken_back_at_once():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("R", "c")
        screen = stage.app.screen
        before = screen.place
        view = screen.query_one(DrawnOn)
        await stage.until(lambda: view.pixels is not None)
        left, top, columns, rows = view.area
        left, top = left + view.region.x, top + view.region.y
        await stage.drag((left - 3, top + rows // 2), (left + columns + 3, top + rows // 2))
        assert (screen.place.mask == box(0, 8, 16, 1)).all()
        await stage.press("u")
        assert screen.place is before


@pytest.mark.parametrize("cells", [8, 16, 64, 100])
def test_a_mouse_over_all_of_a_picture_marks_all_cells_of_any_latent(cells):
    marked = np.zeros((cells, cells), np.bool_)
    for line in range(20):
        marked |= Drawn((5, line), (0, line), (50, line), (5, 0, 40, 20)).stroke(marked.shape)
    assert marked.all()
    one = Drawn((5, 0), (5, 0), (5, 0), (5, 0, 40, 20)).stroke((cells, cells))
    assert one.sum() == one[:5, :3].sum() >= 1


async def test_a_stroke_ends_where_the_mouse_was_let_go_of_outside_the_terminal():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("R", "c")
        view = stage.app.screen.query_one(DrawnOn)
        await stage.until(lambda: view.pixels is not None)
        x, y = view.region.center
        await stage.drag((int(x), int(y)), (int(x), int(y)), let_go=False)
        marked = stage.app.screen.place
        assert marked.mask.any()
        for column in (int(x) + 4, int(x) + 8):
            move = textual_events.MouseMove(
                None, column, int(y), 0, 0, 0, False, False, False, column, int(y)
            )
            stage.app.post_message(move)
        await stage.until(lambda: stage.app.mouse_captured is None)
        assert stage.app.screen.place is marked


async def test_children_differ_in_the_place_only_which_is_enlarged_in_each(stage):
    await stage.press("right", "enter", "R", "down", "f", "f", "enter")
    ((parent, change, count),) = stage.session.altered
    assert (parent, count) == (1, 12)
    assert isinstance(change, PaintedPlace)
    assert (change.mask == box(4, 9, 8, 6)).all()
    assert (change.prompt, change.depth, change.depths) == (None, FAR[2].depth, ANEW)
    assert stage.app.screen is stage.gallery
    assert stage.cursor == 12
    stage.session.finish(range(12, 24))
    wall = stage.gallery.query_one(Wall)
    await stage.until(lambda: all(f.pixels is not None for f in wall.faces))
    assert wall.faces[0].pixels.shape[0] < 32
    assert "the place in each" in stage.status
    await stage.press("P")
    assert wall.faces[0].pixels.shape == (32, 32, 3)
    await stage.press("P")
    assert wall.faces[0].pixels.shape[0] < 32
    await stage.press("comma")
    assert wall.faces[0].pixels.shape == (32, 32, 3)
    await stage.press("R")  # the place is where it was, and how far, too
    assert (stage.app.screen.place.mask == box(4, 9, 8, 6)).all()
    await stage.until(lambda: FAR[2].label in stage.app.screen.query_one("#wish").text)


async def test_words_can_be_edited_and_the_place_left(stage):
    for key in ("escape", "q", "R"):
        await stage.press("R", "e")
        assert isinstance(stage.app.screen, PromptEditor)
        await stage.press("escape")
        assert isinstance(stage.app.screen, Repaint)
        await stage.press(key)
        assert stage.app.screen is stage.gallery
    await stage.press("enter", "R", "escape")
    assert isinstance(stage.app.screen, Zoom)


@pytest.mark.parametrize("keys", ["R enter", "X"])
async def test_what_is_not_painted_cannot_be_changed(keys):
    session = FakeSession()
    del session.archive.pictures[0]
    async with on_stage(session) as stage:
        await stage.press(*keys.split())
        assert session.altered == []
        assert "it has to be painted before it can be changed" in stage.status


async def test_no_place_is_marked_on_what_will_not_be_painted_by_itself():
    session = FakeSession((2,))
    async with on_stage(session) as stage:
        session.fail(1, "out of memory")
        await stage.until(lambda: stage.controller.pages.cards[1].error)
        await stage.press("space", "l")
        for keys in (["R"], ["T"], ["z", "a"]):
            await stage.press(*keys)
            assert "#1 could not be painted: r tries again" in stage.status
            assert isinstance(stage.app.screen, Zoom if "z" in keys else type(stage.gallery))


async def test_pages_of_edits_that_were_left_long_ago_hold_on_to_no_pictures(stage):
    await stage.press("R", "enter")
    stage.session.finish(range(12, 24))
    wall = stage.gallery.query_one(Wall)
    await stage.until(lambda: all(f.pixels is not None for f in wall.faces))
    first = weakref.ref(stage.gallery._part)
    for page in range(KEPT):
        stage.controller.pages.shown = [*range(12, 23 - page)]
        assert stage.gallery._part is not None
    gc.collect()
    assert first() is None
