"""One picture, large."""

import pytest
from fake_session import FakeSession
from stage import on_stage

from evolve.session import events
from tui.screens.overlays.zoom import Zoom
from tui.widgets.inspector import Inspector
from tui.widgets.pictures.thumb import Thumb
from tui.widgets.text_lines import Span


async def test_zoom_shows_the_picture_its_genome_and_its_parents():
    async with on_stage(FakeSession((12, 12)), (80, 24)) as stage:
        await stage.press("right", "z")
        zoom = stage.app.screen
        assert isinstance(zoom, Zoom)
        await stage.until(lambda: zoom.query_one("#picture", Thumb).pixels is not None)
        assert zoom.query_one("#picture", Thumb).pixels is stage.controller.pictures.get(13)
        for text in (
            "#13  generation 2",
            "variation, 10° away",
            "#0 #1",
            "a smiling woman",
            "dpm++",
        ):
            assert text in stage.details
        parents = list(zoom.query("Parents Thumb"))
        await stage.until(lambda: parents[1].pixels is not None)
        assert [p.pixels is stage.controller.pictures.get(i) for i, p in enumerate(parents)] == [
            True
        ] * 2
        assert "picture 2 of 12" in stage.status


async def test_page_keys_turn_to_the_next_picture(stage):
    await stage.press("enter", "pagedown", "pagedown", "pageup")
    assert isinstance(stage.app.screen, Zoom)
    assert stage.cursor == 1


async def test_a_click_on_a_parent_goes_to_it():
    async with on_stage(FakeSession((12, 12)), (120, 36)) as stage:
        for keys, parent in (("right enter", 1), ("escape full_stop", 0)):
            await stage.press(*keys.split())
            thumbs = list(stage.app.screen.query("Parents Thumb"))
            await stage.until(lambda thumbs=thumbs: thumbs[0].pixels is not None)
            await stage.pilot.click(thumbs[parent])
            assert stage.cursor == parent


async def test_without_parents_the_details_have_their_room_and_what_is_cut_ends_with_an_ellipsis():
    async with on_stage(FakeSession((12, 12)), (80, 24)) as stage:
        await stage.press("z")
        details = stage.app.screen.query_one(Inspector)
        await stage.until(lambda: details.size.height == 12)
        rows = [(Span(str(i)),) for i in range(20)]

        def last() -> str:
            return details.render_line(details.size.height - 1).text.strip()

        details.show(rows)
        assert last() == "…"
        await stage.press("comma")
        await stage.until(lambda: details.size.height == 21)  # a founder has no parents
        details.show(rows)
        assert last() == ""
        details.show(rows[:1] * 21)
        assert last() == "0"


async def test_back_to_the_gallery_with_the_cursor_where_zoom_was(stage):
    for place, key in enumerate(("escape", "q", "enter", "z"), start=1):
        await stage.press("enter", "right", key)
        assert stage.app.screen is stage.gallery
        assert stage.captions[place] == f"▸ {place}"


MOVES = [
    ("right", 13),
    ("l", 13),
    ("l h", 12),
    ("right left", 12),
    ("down", 13),
    ("j k", 12),
    ("down up", 12),
    ("G", 23),
    ("end home", 12),
    ("G g", 12),
    ("comma", 0),
    ("comma full_stop", 12),
]


async def test_moving_shows_other_pictures():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("enter")
        picture = stage.app.screen.query_one("#picture", Thumb)
        for keys, cursor in MOVES:
            stage.controller.pages.go(12)
            await stage.press(*keys.split())
            assert (keys, stage.cursor) == (keys, cursor)
            await stage.until(lambda: f"#{stage.cursor} " in stage.details)
            await stage.until(lambda: picture.pixels is stage.controller.pictures.get(stage.cursor))


async def test_verdicts_work_as_in_the_gallery(stage):
    await stage.press("enter", "4", "x", "p", "space")
    assert stage.judgements[:2] == [(0, "rate", 4), (0, "reject", 1)]
    assert stage.judgements[2:] == [(0, "pin", 1), (0, "reject", 0)]
    assert "**** pin marked parent" in stage.details
    await stage.press("u", "u", "u", "0", "escape", "a", "enter", "5", "1")
    assert stage.cursor == 2
    assert stage.judgements[-3:] == [(0, "rate", 0), (0, "rate", 5), (1, "rate", 1)]
    await stage.press("u", "ctrl+r", "escape")
    assert stage.captions[:2] == ["0 *****", "▸ 1 *"]


@pytest.mark.parametrize(("key", "parents"), [("m", (1,)), ("b", ())])
async def test_breeding_from_zoom_goes_to_the_children(stage, key, parents):
    stage.session.holds = True
    await stage.press("right", "5", "enter", key)
    assert stage.app.screen is stage.gallery
    stage.session.release()
    await stage.until(lambda: stage.cursor == 12)
    assert stage.session.bred == [(12, parents)]


async def test_a_hint_is_shown_in_zoom_too(stage):
    await stage.press("enter", "b")
    assert isinstance(stage.app.screen, Zoom)
    assert "first rate a few" in stage.status
    assert "N paints new ones" in stage.status
    assert stage.session.bred == []


async def test_painting_goes_on_in_zoom(stage):
    await stage.press("5", "b", "enter")
    picture = stage.app.screen.query_one("#picture", Thumb)
    assert picture.pixels is None
    stage.session.step([12], 2)
    await stage.until(lambda: picture.pixels is not None)
    assert "2/8" in stage.details
    stage.session.finish([12])
    await stage.until(lambda: picture.pixels is stage.controller.pictures.get(12))
    stage.session.emit(events.Notice("the renderer came back"))
    await stage.until(lambda: "came back" in stage.status)


async def test_zoom_survives_resizing():
    async with on_stage(size=(160, 50)) as stage:
        await stage.press("enter")
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: stage.app.screen.query_one("#picture", Thumb).size.width == 48)
        await stage.press("escape")
        await stage.until(lambda: len(stage.captions) == 6)
