"""A person who is faster than screens come and go: double clicks, and keys typed ahead."""

import pytest
from fake_session import FakeSession
from stage import on_stage

from tui.dialogs.ask import Ask
from tui.dialogs.list_choices import BranchChoice
from tui.dialogs.page_recipe import PageRecipe
from tui.screens.help import Help
from tui.screens.overlays.compare import Compare
from tui.screens.overlays.zoom import Zoom
from tui.widgets.keybar import KeyBar
from tui.widgets.pictures.wall import CardView


def layers(stage):
    return [type(screen).__name__ for screen in stage.app.screen_stack[1:]]


async def test_clicking_the_picture_under_the_cursor_several_times_zooms_once(stage):
    await stage.click(stage.gallery.query(CardView).first(), 5)
    await stage.until(lambda: layers(stage) == ["Gallery", "Zoom"])
    await stage.press("escape")
    assert layers(stage) == ["Gallery"]


ENTRIES = {"zoom": Zoom, "compare": Compare, "recipe": PageRecipe, "help": Help}


async def test_double_clicking_a_key_opens_its_screen_once():
    async with on_stage(FakeSession((12, 12)), size=(300, 40)) as stage:
        bar = stage.gallery.query_one(KeyBar)
        for action, screen in ENTRIES.items():
            await stage.until(lambda action=action: any(name == action for _, name in bar._spans))
            (span,) = (span for span, name in bar._spans if name == action)
            stage.click_at((bar.region.x + span.start, bar.region.y), 2)
            await stage.until(lambda screen=screen: isinstance(stage.app.screen, screen))
            assert len(layers(stage)) == 2, action
            await stage.press("escape")


@pytest.mark.parametrize("key", ["enter", "c", "question_mark"])
async def test_double_clicking_the_way_back_goes_back_one_screen(key):
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("enter", key) if key != "enter" else await stage.press(key)
        below = layers(stage)[:-1]
        bar = stage.app.screen.query(KeyBar).last()
        await stage.until(lambda: any(name == "back" for _, name in bar._spans))
        (span,) = (span for span, name in bar._spans if name == "back")
        stage.click_at((bar.region.x + span.start, bar.region.y), 2)
        await stage.until(lambda: layers(stage) == below)
        await stage.pilot.pause()
        assert layers(stage) == below


async def test_enter_pressed_twice_in_a_question_leaves_the_screen_below_alone():
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("y")
        assert isinstance(stage.app.screen, Ask)
        await stage.type_ahead(*"old", "enter", "enter", "enter")
        await stage.until(lambda: layers(stage) == ["Gallery"])
        assert list(stage.controller.plan.directions) == ["old"]


async def test_a_screen_is_opened_again_before_the_one_before_is_gone(stage):
    await stage.type_ahead(*["enter", "escape"] * 6, "enter")
    await stage.until(lambda: layers(stage) == ["Gallery", "Zoom"])
    await stage.type_ahead(*["escape", "question_mark"] * 6)
    await stage.until(lambda: layers(stage) == ["Gallery", "Help"])


async def test_keys_typed_ahead_go_to_the_screen_that_they_were_meant_for():
    session = FakeSession((12, 12))
    for name in ("curls", "glasses", "hats"):
        session.fork(name, 5)
    async with on_stage(session) as stage:
        await stage.type_ahead("B", "down", "down", "enter")
        await stage.until(lambda: stage.controller.branch == "glasses")
        await stage.type_ahead("B", "up", "enter", "5")
        await stage.until(lambda: stage.controller.branch == "curls")
        await stage.until(lambda: stage.judgements)
        assert [(kind, value) for _, kind, value in stage.judgements] == [("rate", 5)]


async def test_no_key_that_comes_too_early_breaks_a_screen():
    async with on_stage(FakeSession((12, 12))) as stage:
        for opens in ("enter", "c", "t", "d", "R", "w", "s", "B", "e", "y", "question_mark", "i"):
            await stage.type_ahead(opens, *["left", "l", "down", "enter", "j", "space", "f"])
            await stage.pilot.pause()
            await stage.type_ahead(*["escape"] * 4)
            await stage.until(lambda: layers(stage) == ["Gallery"])


async def test_a_branch_list_keeps_its_bar_when_the_terminal_is_resized():
    session = FakeSession((12,))
    session.fork("curls", 5)
    async with on_stage(session) as stage:
        await stage.press("B", "down")
        await stage.pilot.resize_terminal(80, 24)
        await stage.press("enter")
        assert not isinstance(stage.app.screen, BranchChoice)
        await stage.until(lambda: stage.controller.branch == "curls")


async def test_a_screen_that_is_there_below_is_come_back_to(stage):
    await stage.press("enter", "5", "F")
    await stage.until(lambda: layers(stage) == ["Gallery", "Zoom", "Favourites"])
    await stage.press("z")
    await stage.until(lambda: layers(stage) == ["Gallery", "Zoom"])


async def test_what_comes_while_the_app_closes_is_not_drawn_on_screens_without_their_widgets(
    monkeypatch,
):
    monkeypatch.setattr("tui.screens.base_screen.SETTLE", 60.0)  # nothing else is drawn meanwhile
    async with on_stage(FakeSession((12, 12))) as stage:
        await stage.press("enter")
        await stage.app.screen.query_one("#table").remove()
        monkeypatch.setattr(type(stage.app), "is_running", False)  # as it is then
        stage.gallery.changed()
        monkeypatch.undo()


@pytest.mark.parametrize(("below", "over"), [("c", "Lineage"), ("F", "Lineage"), ("F", "Zoom")])
async def test_what_lies_over_a_screen_may_go_to_pictures_that_are_not_on_it(below, over):
    async with on_stage(FakeSession((12, 12, 12))) as stage:
        await stage.press("5", below, {"Lineage": "t", "Zoom": "z"}[over])
        await stage.until(lambda: layers(stage)[2:] == [over])
        await stage.press("left", "left", "right")
        assert layers(stage)[2:] == [over]
        await stage.press("escape")
        assert layers(stage)[1:] == [{"c": "Compare", "F": "Favourites"}[below]]
        assert stage.cursor == 24
