"""What is typed faster than the app can take it acts in the order in which it was typed."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from fake_session import FakeSession
from shelf import Shelf, at_home
from stage import Stage, on_stage, type_ahead, until
from textual import events
from textual.widgets import Input

from evolve.errors import ArchiveError
from evolve.session import events as events_of_session
from tui.dialogs.ask import Ask
from tui.dialogs.new_population import NewPopulation
from tui.screens.gallery import Gallery
from tui.screens.help import Help


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take keys for those of the next page as long as a slow machine needs to take them."""
    monkeypatch.setattr("tui.screens.awaiting.BEHIND", 60.0)


@asynccontextmanager
async def bred_behind(*keys: str) -> AsyncIterator[tuple[FakeSession, Stage]]:
    """A page that was bred while keys were typed; nothing of it is painted yet."""
    async with on_stage() as stage:
        await stage.press("5")
        stage.session.holds = True
        await stage.type_ahead(*keys)
        stage.session.release()
        yield stage.session, stage


@pytest.mark.parametrize("together", [True, False])
async def test_a_new_population_typed_in_one_go_gets_its_prompt_and_its_name(together):
    shelf = Shelf("faces")
    keys = ["n", *"a man", "tab", *"burst", "enter", "j", "l", "4"]
    async with at_home(shelf) as (_, app, pilot):
        for chunk in [keys] if together else keys:
            type_ahead(app, *chunk if together else [chunk])
        await until(pilot, lambda: isinstance(app.screen, Gallery))
        assert shelf.made == [("burst", "a man", "")]
        (session,) = shelf.sessions
        await until(pilot, lambda: session.judgements)
        assert [(j.kind, j.value) for j in session.judgements] == [("rate", 4)]


async def test_keys_behind_a_note_act_on_the_gallery(stage):
    await stage.type_ahead("A", *"note z", "enter", "3", "l", "4")
    await stage.until(lambda: len(stage.judgements) == 2)
    assert list(stage.session.archive.written.values()) == ["note z"]
    assert [(kind, value) for _, kind, value in stage.judgements] == [("rate", 3), ("rate", 4)]


async def test_keys_behind_new_words_breed_with_them(stage):
    await stage.type_ahead("3", "e", "ctrl+u", *"an owl", "tab", *"fog", "enter", "k", "b")
    await stage.until(lambda: stage.session.bred)
    assert str(stage.session.archive.plans[0].prompt) == "an owl"
    assert stage.session.archive.plans[0].prompt.unwanted == "fog"


async def test_a_paste_and_the_keys_behind_it_keep_their_order(stage):
    stage.app.post_message(events.Key("A", "A"))
    stage.app.post_message(events.Paste("note\nz"))
    await stage.type_ahead("enter", "3")
    await stage.until(lambda: stage.judgements)
    assert list(stage.session.archive.written.values()) == ["note z"]


async def test_keys_that_edit_act_behind_the_letters_before_them(stage):
    for ending, stands in (
        ("backspace", "aZ"),
        ("left", "aZb"),
        ("home", "Zab"),
        ("ctrl+u", "Z"),
    ):
        await stage.type_ahead("slash", *"ab", ending, "Z")
        await stage.until(lambda: isinstance(stage.app.screen, Ask))
        field = stage.app.screen.query_one(Input)
        await stage.until(lambda field=field, stands=stands: field.value == stands)
        await stage.press("escape")


async def test_what_was_typed_for_a_population_that_does_not_come_changes_nothing():
    shelf = Shelf("faces")

    def refuse(*_, **more):
        raise ArchiveError("there is no room")

    shelf.create = refuse
    async with at_home(shelf) as (home, app, pilot):
        type_ahead(app, "n", *"owls", "enter", "x", "escape", "x")
        await until(pilot, lambda: app.screen.query("#error"))
        await until(pilot, lambda: "no room" in str(app.screen.query_one("#error").content))
        await pilot.pause()
        assert isinstance(app.screen, NewPopulation)
        assert app.screen.query_one("#prompt", Input).value == "owls"
        assert shelf.names == ["faces"]
        type_ahead(app, "escape", "u")
        await until(pilot, lambda: "nothing to take back" in home.query_one("#message").text)


async def test_keys_typed_while_a_population_is_opened_are_meant_for_its_pictures():
    shelf = Shelf("faces", "pirates")
    shelf.gate = threading.Event()
    async with at_home(shelf) as (_, app, pilot):
        type_ahead(app, "enter", "l", "5")
        await pilot.pause()
        shelf.gate.set()
        await until(pilot, partial(any_said, shelf))
        assert [(j.individual, j.value) for j in shelf.sessions[0].judgements] == [(1, 5)]


async def test_keys_act_in_the_next_population_after_one_was_left_that_awaited_a_page():
    shelf = Shelf("faces", "pirates")
    async with at_home(shelf) as (home, app, pilot):
        type_ahead(app, "enter")
        await until(pilot, lambda: shelf.sessions and shelf.sessions[0].listener)
        await until(pilot, lambda: not app._holds)
        shelf.sessions[0].holds = True
        type_ahead(app, "5", "b", "q", "q")
        await until(pilot, lambda: app.screen is home)
        type_ahead(app, "j", "enter")
        await until(pilot, lambda: len(shelf.sessions) == 2)
        type_ahead(app, "l", "5")
        await until(pilot, lambda: shelf.sessions[1].judgements)
        assert shelf.sessions[1].judgements[0].individual == 1


def any_said(shelf: Shelf) -> bool:
    return bool(shelf.sessions and shelf.sessions[0].judgements)


@pytest.mark.parametrize("asked", [["b"], ["m"], ["N", "enter"], ["d"]])
async def test_keys_behind_one_that_makes_a_page_are_meant_for_that_page(stage, asked):
    await stage.press("5")
    stage.session.holds = True
    await stage.type_ahead(*asked, "l", "4")
    assert stage.cursor == 0
    stage.session.release()
    await stage.until(lambda: stage.cursor == 13)
    assert stage.judgements == [(0, "rate", 5)]
    stage.session.finish([12, 13])
    await stage.until(lambda: len(stage.judgements) == 2)
    assert stage.judgements[1] == (13, "rate", 4)


@pytest.mark.parametrize(
    ("key", "said"),
    [("p", ("pin", 1)), ("o", ("pick", 1))],
)
async def test_what_is_typed_ahead_of_a_page_waits_for_each_picture(key, said):
    async with bred_behind("b", key, "l", "3", "h", "2") as (session, stage):
        session.step([12], 4)
        await stage.until(lambda: len(stage.judgements) == 3)
        assert stage.judgements[1:] == [(12, *said), (12, "rate", 2)]
        session.finish([13])
        await stage.until(lambda: len(stage.judgements) == 4)
        assert stage.judgements[3] == (13, "rate", 3)


async def test_a_rejection_typed_ahead_is_none_before_the_picture_is_there():
    async with bred_behind("b", "x") as (session, stage):
        await stage.until(lambda: stage.cursor == 12)
        assert session.dropped == []
        session.finish([12])
        await stage.until(lambda: len(stage.judgements) == 2)
        assert stage.judgements[1] == (12, "reject", 1)


async def test_escape_drops_what_waits_for_a_picture_and_stops_nothing_else():
    async with bred_behind("b", "p", "l", "3") as (session, stage):
        await stage.until(lambda: "3 keys waiting" in stage.status)
        await stage.press("escape")
        assert "3 keys dropped" in stage.status
        assert session.cancelled == 0
        session.finish(range(12, 24))
        await stage.press("l", "2")
        assert stage.judgements == [(0, "rate", 5), (13, "rate", 2)]


async def test_escape_drops_the_one_key_that_waits_for_a_picture_before_it_stops_painting():
    async with bred_behind("b", "p") as (session, stage):
        await stage.until(lambda: "1 key waiting" in stage.status)
        await stage.press("question_mark")
        assert isinstance(stage.app.screen, Help)
        await stage.press("escape")
        assert stage.app.screen is stage.gallery
        assert "1 key waiting" in stage.status
        await stage.press("escape")
        assert "1 key dropped" in stage.status
        assert session.cancelled == 0
        session.finish([12])
        await stage.press("2")
        assert stage.judgements == [(0, "rate", 5), (12, "rate", 2)]
        await stage.press("escape")
        assert session.cancelled == 1


async def test_what_waits_for_a_picture_that_fails_is_answered():
    async with bred_behind("b", "4") as (session, stage):
        session.fail(12, "out of memory")
        await stage.until(lambda: "#12 could not be painted: r tries again" in stage.status)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ([], "cannot be loaded"),
        (["l"], "cannot be loaded; 1 key typed for it is dropped"),
        (["l", "4"], "cannot be loaded; 2 keys typed for it are dropped"),
    ],
)
async def test_keys_typed_for_a_page_that_is_refused_change_nothing(stage, typed, said):
    stage.session.holds = True
    await stage.press("5")
    await stage.type_ahead("b", *typed)
    stage.session.emit(events_of_session.Refused("the model cannot be loaded", request=1))
    await stage.until(lambda: f"{said} " in stage.status)
    await stage.press("l", "2")
    assert stage.judgements == [(0, "rate", 5), (1, "rate", 2)]


async def test_keys_typed_behind_one_that_makes_a_page_wait_as_long_as_it_takes(monkeypatch):
    monkeypatch.setattr("tui.screens.awaiting.BEHIND", 0.05)
    async with on_stage() as stage:
        stage.session.holds = True
        await stage.press("5")
        await stage.type_ahead("b", "l")
        assert "1 key waiting, escape drops it" in stage.status
        await stage.pilot.pause(0.1)
        await stage.press("4")
        assert "2 keys waiting, escape drops them" in stage.status
        stage.session.release()
        await stage.until(lambda: stage.cursor == 13)
        stage.session.finish([13])
        await stage.until(lambda: len(stage.judgements) == 2)
        assert stage.judgements[1] == (13, "rate", 4)
        assert "waiting" not in stage.status


async def test_keys_wait_for_a_page_also_if_something_else_takes_long_meanwhile(monkeypatch):
    monkeypatch.setattr("tui.screens.awaiting.BEHIND", 0.05)
    async with on_stage() as stage:
        stage.session.holds = True
        await stage.press("5")
        await stage.type_ahead("b", "l", "2")
        stage.app.hold("work that escape cannot give up")
        assert stage.app.waiting == 0
        await stage.pilot.pause(0.1)
        stage.app.release("work that escape cannot give up")
        await stage.pilot.pause()
        assert "2 keys waiting" in stage.status
        assert stage.cursor == 0
        assert stage.judgements == [(0, "rate", 5)]


async def test_escape_drops_keys_that_wait_for_a_page_and_the_next_ones_act_on_what_is_seen(stage):
    stage.session.holds = True
    await stage.press("5")
    await stage.type_ahead("b", "l", "l", "4", "escape")
    assert "3 keys dropped; the next page still comes" in stage.status
    assert stage.session.cancelled == 0
    await stage.press("l", "2")
    stage.session.release()
    await stage.until(lambda: stage.cursor == 12)
    assert stage.judgements == [(0, "rate", 5), (1, "rate", 2)]


async def test_keys_act_on_what_is_seen_if_a_page_takes_long_and_none_was_typed_for_it(monkeypatch):
    monkeypatch.setattr("tui.screens.awaiting.BEHIND", 0.05)
    async with on_stage() as stage:
        stage.session.holds = True
        await stage.press("5")
        await stage.press("b")
        await stage.pilot.pause(0.1)
        await stage.press("l", "2")
        assert stage.judgements == [(0, "rate", 5), (1, "rate", 2)]


async def test_what_has_nothing_to_do_with_pictures_does_not_wait_for_a_page(stage):
    stage.session.holds = True
    await stage.press("5", "b", "i", "question_mark")
    assert not stage.gallery.query_one("#side").display
    assert isinstance(stage.app.screen, Help)
    await stage.press("escape")
    assert stage.app.screen is stage.gallery
    stage.gallery.action_note()  # by a click: letters are for what it opened
    await stage.until(lambda: isinstance(stage.app.screen, Ask))
    await stage.press(*"note", "enter")
    assert list(stage.session.archive.written.values()) == ["note"]
    await stage.press("l")
    assert "1 key waiting" in stage.status


async def test_one_can_leave_while_a_page_is_awaited():
    async with on_stage() as stage:
        await stage.press("5")
        stage.session.holds = True
        await stage.type_ahead("b", "q")
        await stage.until(
            lambda: "the next page is not bred yet: q again leaves anyway" in stage.status
        )
        assert stage.session.closed == 0
        await stage.press("q")
    assert stage.session.closed == 1


async def test_one_is_warned_of_each_page_that_leaving_would_lose():
    async with on_stage() as stage:
        await stage.press("5")
        for page in (1, 2):
            stage.session.holds = True
            await stage.type_ahead("b", "q")
            await stage.until(lambda: "q again leaves anyway" in stage.status)
            stage.session.release()
            await stage.until(lambda page=page: stage.cursor == 12 * page)
            stage.session.finish([12 * page])
            await stage.press("5")
    assert stage.judgements == [(0, "rate", 5), (12, "rate", 5), (24, "rate", 5)]


async def test_one_is_warned_of_ratings_that_are_not_saved_behind_a_page_that_is_not_bred(stage):
    stage.session.holds = True
    await stage.press("5")
    await stage.type_ahead("b", "q")
    await stage.until(lambda: "the next page is not bred yet: q again" in stage.status)
    stage.session.emit(events_of_session.SaveFailed("no space left", "disk full"))
    await stage.press("q")
    assert "1 not saved (disk full): q again leaves anyway" in stage.status
    await stage.press("q")
    await stage.until(lambda: stage.session.closed)


async def test_the_app_ends_while_keys_wait():
    async with on_stage() as stage:
        await stage.press("5")
        stage.session.holds = True
        await stage.type_ahead("b", "l", "4")
        assert stage.app.waiting == 2
        stage.app.exit(143)  # as a signal does
    assert stage.session.closed == 1
    assert stage.judgements == [(0, "rate", 5)]


async def test_keys_behind_another_branch_are_meant_for_its_pictures():
    session = FakeSession((12, 12))
    session.fork("second", 5)
    async with on_stage(session) as stage:
        session.holds = True
        await stage.type_ahead("B", "down", "enter", "4")
        await stage.until(lambda: session._held)
        assert stage.judgements == []
        session.release()
        await stage.until(lambda: stage.judgements)
        assert stage.judgements == [(5, "rate", 4)]  # where it goes on from
