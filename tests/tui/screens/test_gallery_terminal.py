"""The gallery in its terminal: panels, help, key bar, mouse, sizes, leaving."""

import pytest
from fake_session import FakeSession
from stage import on_stage
from textual.command import CommandPalette
from textual.containers import VerticalScroll
from textual.widgets import Static

from evolve.session import events
from tui import keys
from tui.screens.gallery import Gallery
from tui.screens.help import Help
from tui.screens.overlays.zoom import Zoom
from tui.widgets.pictures.wall import CardView, Wall


async def test_the_inspector_follows_the_cursor_and_shows_the_parents():
    async with on_stage(FakeSession((12, 12))) as stage:
        assert stage.details.startswith("#12  generation 2")
        await stage.press("right", "4")
        assert "#13" in stage.details
        assert "****" in stage.details
        thumbs = stage.gallery.query("Parents Thumb")
        await stage.until(lambda: thumbs.first().pixels is not None)
        assert thumbs.first().pixels is stage.controller.pictures.get(0)


async def test_i_hides_and_shows_the_panel_in_a_wide_terminal(stage):
    width = stage.gallery.query_one(Wall).grid.width
    await stage.press("i")
    assert not stage.gallery.query_one("#side").display
    assert stage.gallery.query_one(Wall).size.width == 120
    await stage.press("i")
    assert stage.gallery.query_one("#side").display
    assert stage.gallery.query_one(Wall).grid.width == width


async def test_i_opens_the_panel_beside_the_pictures_in_a_narrow_terminal():
    async with on_stage(size=(80, 24)) as stage:
        assert not stage.gallery.query_one("#side").display
        for _ in range(2):
            await stage.press("i")
            await stage.until(lambda: "#0" in stage.details)
            wall, side = stage.gallery.query_one(Wall), stage.gallery.query_one("#side")
            assert wall.size.width + side.outer_size.width == 80
            assert all(face.pixels is not None for face in wall.faces)
            assert wall.grid.width >= 16  # smaller faces could not be told apart
            assert stage.status.endswith("saved")
            await stage.press("l")  # keys do what they did
            await stage.until(lambda: "#1" in stage.details)
            await stage.press("h", "i")
            assert not side.display


async def test_help_lists_every_key_of_the_screen(stage):
    await stage.press("f1", "f1", "question_mark")
    assert isinstance(stage.app.screen, Help)
    shown = {sense for lines in stage.app.screen._sections.values() for _, sense in lines}
    wanted = {b.tooltip for b in Gallery.BINDINGS if b.id != "app.help"}
    assert wanted <= shown
    assert "Find what keys do by name" in shown  # the palette
    assert {"step 35°", "judged 3/12"} <= dict(stage.app.screen._explained).keys()
    await stage.press("escape")
    assert stage.app.screen is stage.gallery


async def test_help_stands_in_columns_of_about_the_same_length():
    def lengths():
        shown = stage.app.screen.query("Horizontal Static").results(Static)
        return [each.size.height for each in shown if each.display]

    async with on_stage(size=(160, 50)) as stage:
        await stage.press("question_mark")
        await stage.until(lambda: len(lengths()) == 3 and min(lengths()))
        assert max(lengths()) < sum(lengths()) / 2
        assert not stage.app.screen.query_one(".hint").display
        await stage.pilot.resize_terminal(100, 50)
        await stage.until(lambda: len(lengths()) == 2)


async def test_help_says_that_it_scrolls_where_there_is_no_room_for_all_of_it():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("question_mark")
        hint = stage.app.screen.query_one(".hint")
        await stage.until(lambda: hint.display)
        for height, more in ((100, False), (24, True)):
            await stage.pilot.resize_terminal(80, height)
            await stage.until(lambda more=more: hint.display == more)
        page = stage.app.screen.query_one(VerticalScroll)
        for key, moves in (("G", True), ("g", False), ("j", True), ("k", False), ("ctrl+d", True)):
            await stage.press(key)
            await stage.until(lambda moves=moves: (page.scroll_y > 0) is moves)


async def test_a_remapped_key_works_and_is_shown(stage):
    stage.app.set_keymap({"breed.breed": "B"})
    await stage.press("5", "B")
    assert len(stage.session.bred) == 1
    assert "B breed" in stage.keys


async def test_the_key_bar_shows_the_important_keys_whole():
    async with on_stage(size=(60, 24)) as stage:
        for width in (60, 200):
            await stage.pilot.resize_terminal(width, 24)
            await stage.until(lambda width=width: width - 6 < len(stage.keys) <= width)
            assert stage.keys.startswith(" 1-5 rate  b breed  m mutate  enter zoom")
            assert stage.keys.endswith("q quit  ? help")


async def test_the_mouse_points_zooms_and_presses_keys(stage):
    view = [v for v in stage.gallery.query(CardView) if v.display][2]
    await stage.pilot.click(view)
    assert stage.cursor == 2
    await stage.pilot.click("#keys", offset=(1, 0))
    assert stage.judgements == [(2, "rate", 1)]
    await stage.pilot.click(view)
    await stage.pilot.pause()
    assert isinstance(stage.app.screen, Zoom)


async def test_the_palette_has_the_commands_of_the_app(stage):
    titles = [c.title for c in stage.app.get_system_commands(stage.gallery)]
    assert any(title.startswith("Breed the next page") for title in titles)
    assert {"Rate 1  (1)", "Rate 5  (5)", "All keys  (?)"} <= {*titles}
    assert len({*titles}) == len(titles)
    assert not any("what keys do" in title for title in titles)
    await stage.press("ctrl+p")
    assert isinstance(stage.app.screen, CommandPalette)


@pytest.mark.parametrize("opens", ["action_command_palette", "action_change_theme"])
async def test_a_double_click_beside_the_palette_closes_it_alone(stage, opens):
    getattr(stage.app, opens)()
    await stage.until(lambda: isinstance(stage.app.screen, CommandPalette))
    stage.click_at((1, stage.app.size.height - 5), times=2)
    await stage.until(lambda: stage.app.screen is stage.gallery)
    await stage.pilot.pause()
    assert stage.gallery.is_there


async def test_escape_closes_the_palette_in_a_terminal_that_is_too_small_for_more(stage):
    await stage.press("ctrl+p")
    assert isinstance(stage.app.screen, CommandPalette)
    await stage.pilot.resize_terminal(40, 10)
    await stage.press("escape")
    assert stage.app.screen is stage.gallery


async def test_the_key_of_the_palette_is_one_that_can_be_remapped(stage):
    assert keys.actions.PALETTE in keys.everything()  # so 'fancier keys' lists it
    stage.app.set_keymap({keys.actions.PALETTE.id: "ctrl+o"})
    await stage.press("ctrl+p")
    assert stage.app.screen is stage.gallery
    await stage.press("ctrl+o")
    assert isinstance(stage.app.screen, CommandPalette)


async def test_a_resize_keeps_the_cursor_on_the_same_individual():
    async with on_stage(size=(160, 50)) as stage:
        await stage.press("G", "left")
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: len(stage.captions) == 6)
        assert stage.cursor == 10
        assert stage.captions[4] == "▸ 10"
        assert "7-12 of 12" in stage.status
        await stage.pilot.resize_terminal(200, 60)
        await stage.until(lambda: len(stage.captions) == 12)
        assert stage.cursor == 10


async def test_a_tiny_terminal_gets_one_clear_line_and_rates_nothing_blindly():
    async with on_stage(size=(20, 5)) as stage:
        message = stage.gallery.query_one("TooSmall")
        assert message.display
        assert str(message.content) == "this terminal is 20x5: fancier needs at least 60x16"
        assert not stage.gallery.query_one("#table").display
        await stage.press("5", "b")
        assert stage.session.judgements == []
        await stage.pilot.resize_terminal(80, 24)
        await stage.until(lambda: len(stage.captions) == 6)
        assert not message.display
        await stage.press("5")
        assert stage.judgements == [(0, "rate", 5)]
        await stage.pilot.resize_terminal(20, 5)
        await stage.press("q")
    assert stage.session.closed == 1


async def test_leaving_closes_the_session_once():
    async with on_stage() as stage:
        await stage.press("5", "b", "ctrl+q")
    assert stage.app._exit
    assert stage.session.closed == 1
    stage.gallery.bridge.close()
    assert stage.session.closed == 1


async def test_events_after_the_end_are_ignored():
    async with on_stage() as stage:
        await stage.press("q")
        await stage.until(lambda: stage.session.closed)
    stage.session.emit(events.Stopped())
