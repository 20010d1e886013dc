"""Another page of the same prompt: newcomers, whenever they are wanted."""

import pytest
from fake_session import FakeSession
from stage import on_stage

from evolve.genome import Prompt
from evolve.search.plan import Plan
from tui.dialogs.list_choices import AnotherPage
from tui.screens.overlays.compare import Compare
from tui.screens.overlays.zoom import Zoom
from tui.widgets.chooser import Chooser


def planned(**plan) -> FakeSession:
    session = FakeSession()
    session.archive.plans = [Plan(**plan)]
    return session


async def test_a_page_that_nobody_rated_is_followed_by_another_of_the_same_prompt(stage):
    await stage.press("N")
    assert isinstance(stage.app.screen, AnotherPage)
    await stage.press("enter")
    assert stage.session.new == [12]
    assert stage.app.screen is stage.gallery
    assert stage.controller.pages.generation == 1
    assert stage.cursor == 12


async def test_it_has_12_or_24_or_48_pictures(stage):
    for keys, count in (
        ("N enter", 24),
        ("down j space", 48),
        ("right l l b", 12),
        ("up k enter", 24),
        ("left h left enter", 12),
    ):
        await stage.press("N", *keys.split())
        assert stage.session.new[-1] == count, keys


async def test_it_begins_with_the_size_that_pages_have():
    async with on_stage(planned(page=9)) as stage:
        await stage.press("N")
        chooser = stage.app.screen.query_one(Chooser)
        assert chooser.text.split("\n")[chooser.selected].strip() == "9 pictures"
        await stage.press("enter")
        assert stage.session.new == [9]


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_nothing_is_painted_where_the_question_is_left(stage, key):
    await stage.press("N", key)
    assert stage.session.new == []
    assert stage.app.screen is stage.gallery


async def test_it_shows_the_words_that_are_in_force():
    session = planned()
    session.words = "a [red] fox | snow"
    async with on_stage(session) as stage:
        await stage.press("N")
        prompt = stage.app.screen.query_one("#prompt")
        assert str(prompt.render()) == "a [red] fox | snow"
        await stage.press("escape")
        session.archive.plans.append(Plan(prompt=Prompt.parse("a dog"), since=12))
        stage.controller.plan = session.archive.plan()
        await stage.press("N")
        assert str(stage.app.screen.query_one("#prompt").render()) == "a dog"


async def test_marks_stay_for_the_page_that_is_bred_from_them(stage):
    await stage.press("space", "N", "enter")
    assert stage.controller.pages.marked == [0]
    stage.session.finish([12])
    await stage.press("space", "b")
    assert stage.session.bred == [(12, (0, 12))]
    assert stage.controller.pages.marked == []


async def test_it_can_be_asked_for_in_the_zoom_and_comes_to_the_gallery(stage):
    await stage.press("enter")
    assert isinstance(stage.app.screen, Zoom)
    await stage.press("N", "enter")
    assert stage.session.new == [12]
    assert stage.app.screen is stage.gallery


async def test_a_plan_of_newcomers_alone_needs_no_ratings():
    async with on_stage(planned(slots=("new",) * 12)) as stage:
        await stage.press("b")
        assert stage.session.bred == [(12, ())]


async def test_a_plan_of_some_newcomers_needs_a_rating():
    async with on_stage(planned(slots=("new",) * 11)) as stage:
        await stage.press("b")
        assert stage.session.bred == []
        assert not isinstance(stage.app.screen, Compare)
