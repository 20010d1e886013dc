"""Words find a place in a picture, and what is painted there."""

import numpy as np
import pytest
from fake_session import flat_picture
from marked import FIRST, MOUTH, box, found
from stage import on_stage
from textual.widgets import Input, Static

from evolve.rendering.protocol import Located
from evolve.session import events
from tui.controller.places import wishes
from tui.controller.places.place import FAR
from tui.dialogs.ask import Ask
from tui.dialogs.word_completion import unknown
from tui.screens.help import Help
from tui.screens.overlays.edit_place import EditPlace
from tui.screens.overlays.found_place import FoundPlace
from tui.screens.overlays.take_place import TakePlace
from tui.screens.overlays.zoom import Zoom
from tui.widgets.keybar import KeyBar


async def test_words_find_the_place_and_a_page_is_painted_there(stage):
    await stage.press("enter", "a")
    assert isinstance(stage.app.screen, Ask)
    await stage.press(*"a hat", "enter")
    screen = stage.app.screen
    assert isinstance(screen, EditPlace)
    assert screen.looking
    assert "looking for the place" in screen.query_one("#wish").text
    stage.session.emit(found(stage.session, MOUTH))
    await stage.until(lambda: not screen.looking)
    assert screen.place.mask[MOUTH].all()
    assert "with a hat" in screen.query_one("#wish").text
    await stage.press("up", "enter")
    ((parent, change, _),) = stage.session.altered
    assert parent == 0
    assert change.mask[9:11, 6:9].all()
    assert "a hat" in str(change.prompt)
    assert change.asked == {"add": "a hat"}
    assert stage.app.screen is stage.gallery


async def test_keys_typed_ahead_wait_for_the_place(stage):
    await stage.type_ahead("enter", "a", *"a hat", "enter", "down", "enter")
    await stage.until(lambda: stage.session.sought)
    assert stage.session.altered == []
    stage.session.emit(found(stage.session, MOUTH))
    await stage.until(lambda: stage.session.altered)
    assert stage.session.altered[0][1].mask[11:13, 6:9].all()


@pytest.mark.parametrize("patient", [True, False])
async def test_the_place_is_looked_for_once_the_picture_is_painted(stage, patient):
    await stage.press("5", "b")
    await stage.until(lambda: stage.cursor == 12)
    await stage.type_ahead("enter", "a", *"a hat", "enter", "down", "enter")
    await stage.until(lambda: isinstance(stage.app.screen, EditPlace))
    await stage.until(lambda: stage.app.screen.awaiting)
    assert "waiting for the picture" in stage.app.screen.query_one("#wish").text
    assert "2 keys waiting" in stage.status
    if not patient:
        await stage.press("escape")
        assert "not looked for: a asks again" in stage.app.screen.query_one("#wish").text
    stage.session.finish([12])
    await stage.until(lambda: stage.controller.pages.cards[12].state == "painted")
    await stage.pilot.pause()
    assert bool(stage.session.sought) == patient
    if patient:
        stage.session.emit(found(stage.session, MOUTH))
        await stage.until(lambda: stage.session.altered)


async def test_escape_stops_looking_although_keys_wait_for_the_place(stage):
    await stage.press("enter", "a", *"a hat", "enter")
    await stage.type_ahead("down", "enter", "escape")
    assert not stage.app.screen.looking
    assert (stage.session.given_up, stage.session.cancelled) == (1, 0)
    stage.session.emit(found(stage.session, MOUTH))
    await stage.press("i")
    assert stage.session.altered == []


async def test_a_place_that_is_found_too_late_is_not_that_of_other_words(stage):
    await stage.press("enter", "a", *"a hat", "enter")
    late = found(stage.session, MOUTH)
    await stage.press("escape", "a", *["backspace"] * 5, *"glasses", "enter")
    screen = stage.app.screen
    assert screen.looking
    stage.session.emit(late)
    await stage.pilot.pause()
    assert screen.looking
    stage.session.emit(found(stage.session, box(2, 4, 8, 3)))
    await stage.until(lambda: not screen.looking)
    assert (screen.place.mask & box(2, 4, 8, 3)).any()
    assert not (screen.place.mask & MOUTH).any()


async def test_looking_is_left_with_escape_and_the_place_is_drawn_by_hand(stage):
    await stage.press("enter", "a", *"-a hat", "enter", "escape")
    screen = stage.app.screen
    assert isinstance(screen, EditPlace)
    assert not screen.looking
    assert (stage.session.given_up, stage.session.cancelled) == (1, 0)
    await stage.press("c", "space", "space", "enter")
    ((_, change, _),) = stage.session.altered
    assert change.mask.sum() == 1
    assert change.asked == {"remove": "a hat"}
    stage.session.finish(range(12, 24))
    await stage.press("R")  # a picture that was edited is marked where it was
    assert stage.app.screen.place.mask.sum() == 1


async def test_tries_say_what_is_said_on_the_page_and_what_hardly_comes(stage):
    await stage.press("enter", "a", *"a hat", "enter")
    _, said = stage.session.sought[-1]
    assert len(said.stronger) == 2
    remark = "3 tries did not show 'a hat'"
    chances = (-4.0, -3.9, -0.5)
    stage.session.emit(found(stage.session, MOUTH, chances=chances, remark=remark))
    await stage.until(lambda: not stage.app.screen.looking)
    assert remark in stage.app.screen.query_one("#wish").text
    await stage.press("enter")
    ((_, change, _),) = stage.session.altered
    assert (change.prompt, change.others) == (said.stronger[1], ())


async def test_words_are_tried_in_a_place_that_was_not_found_before_it_is_painted():
    async with on_stage(size=(80, 24)) as stage:
        await stage.press("enter", "a", *"a hat", "enter", "escape", "c", "space", "space", "enter")
        screen = stage.app.screen
        assert "trying the words there" in screen.query_one("#wish").text
        (_, said), place = stage.session.sought[-1], stage.session.sought_in[-1]
        assert place.sum() == 1
        assert stage.session.altered == []
        more = {"chances": (-4.0, -0.5, -0.4), "near": (2, 0)}
        stage.session.emit(found(stage.session, place, remark="it seldom comes", **more))
        await stage.until(lambda: "enter paints it anyway" in stage.status)
        assert "it seldom comes" in screen.query_one("#wish").text
        assert stage.session.altered == []
        await stage.press("escape", "up", "up", "enter")  # elsewhere: it is tried again
        assert len(stage.session.sought) == 3
        await stage.press("escape", "enter")  # what escape stopped was not tried
        assert len(stage.session.sought) == 4
        await stage.press("escape", "u", "u", "enter")
        stage.session.emit(found(stage.session, place, **more))
        await stage.until(lambda: stage.session.altered)
        ((_, change, _),) = stage.session.altered
        assert (change.prompt, *change.others) == said.stronger[:1]
        assert change.near == (2, 0)
        assert (change.mask == stage.session.sought_in[-1]).all()
        assert stage.app.screen is stage.gallery


async def test_words_that_the_model_does_not_know_are_named_until_they_are_painted():
    async with on_stage(size=(80, 24)) as stage:
        line = (
            "portraits has never seen 'xyzzy' and says so in a line that is longer than the screen"
        )
        stage.session.unknown["xyzzy"] = line
        await stage.press("enter", "a", *"xyzzy", "enter")
        screen = stage.app.screen
        assert screen.looking
        for _ in range(2):
            written = screen.query_one("#wish")
            assert " ".join(written.text.split()).endswith(line)
            assert written.region.height == 3
            stage.session.emit(found(stage.session, MOUTH))
            await stage.until(lambda: not screen.looking)
            await stage.press("down")
        await stage.press("a", *["backspace"] * 5, *"a hat", "enter")
        assert screen.query_one("#wish").text.count("\n") == 0


async def test_what_is_to_change_is_completed_and_what_is_unknown_of_it_named_while_it_is_typed():
    async with on_stage(size=(80, 24)) as stage:
        stage.session.vocabulary = {"things": ["a hat", "glasses"]}
        await stage.press("enter", "a", *"-gla")
        answer = stage.app.screen.query_one("#answer", Input)
        error = stage.app.screen.query_one("#error", Static)
        await stage.until(lambda: answer._suggestion == "-glasses")
        assert str(error.content) == ""
        await stage.press(*[" "], *"crown")
        assert str(error.content) == "unknown to this model: gla, crown"
        await stage.press(*["backspace"] * 10, "enter")
        assert "type what is to change" in str(error.content)
        await stage.press("a")
        assert str(error.content) == ""


async def test_from_the_gallery_a_key_leads_to_an_edit_and_escape_back():
    async with on_stage(size=(80, 24)) as stage:
        assert "+ add" in stage.gallery.query_one(KeyBar).text
        await stage.press("plus", *"a hat", "enter")
        assert isinstance(stage.app.screen, EditPlace)
        await stage.press("escape", "escape")
        assert stage.app.screen is stage.gallery


@pytest.mark.parametrize("keys", [["plus", *"a hat", "enter", "escape"], ["space", "right", "T"]])
async def test_where_a_place_is_found_e_completes_too_as_notices_about_words_say(stage, keys):
    stage.session.vocabulary = {"things": ["a hat", "glasses"]}
    await stage.press(*keys)
    assert isinstance(stage.app.screen, FoundPlace)
    await stage.press("e")
    assert isinstance(stage.app.screen, Ask)
    assert stage.app.screen.query_one("#answer", Input).suggester is not None


@pytest.mark.parametrize("typed", ["remove glasses", "no glasses", "with a hat", "+glasses"])
def test_the_word_that_says_what_to_do_is_not_called_unknown(typed):
    assert unknown({"things": ["a hat", "glasses"]}, wishes.things(typed)) == ""


async def test_nothing_of_one_edit_leaks_into_the_next(stage):
    await stage.press("enter", "a", *"a hat", "enter")
    stage.session.emit(found(stage.session, MOUTH))
    await stage.until(lambda: not stage.app.screen.looking)
    await stage.press("f", "enter")
    stage.session.finish(range(12, 24))
    await stage.press("z", "a", *"a smile", "enter", "escape")
    screen = stage.app.screen
    assert screen.far is FAR[0]
    assert "with a smile  nothing is marked" in screen.query_one("#wish").text
    await stage.press("n", "a", *["backspace"] * 7, *"a hat", "enter", "escape", "u")
    assert not screen.place.mask.any()  # what was marked was of other words
    await stage.press("escape", "escape", "space", "right", "T")
    assert isinstance(stage.app.screen, TakePlace)
    assert (stage.app.screen.place.mask == box(*FIRST)).all()
    assert stage.app.screen.far is FAR[0]


async def test_help_opens_while_the_place_is_looked_for(stage):
    await stage.press("enter", "a", *"a hat", "enter", "question_mark")
    assert isinstance(stage.app.screen, Help)
    await stage.press("escape")
    assert stage.app.screen.looking


async def test_where_nothing_stands_out_it_is_said(stage):
    await stage.press("enter", "a", *"a hat", "enter", "enter")
    individual, phrasings = stage.session.sought[-1]
    flat = np.zeros((16, 16), np.float32)
    located = Located(-1, flat, 1.5)
    stage.session.emit(events.PlaceFound(individual, phrasings, located, 1))
    await stage.until(lambda: "no place stands out" in stage.status)
    assert stage.session.altered == []  # what was typed ahead was meant for the place


async def test_the_edit_is_left_without_a_word(stage):
    await stage.press("enter", "a", "escape")
    assert isinstance(stage.app.screen, Zoom)
    await stage.press("a", *"a hat", "enter", "escape", "a")
    assert stage.app.screen.query_one("#answer").value == "a hat"
    await stage.press("escape", "q")
    assert isinstance(stage.app.screen, Zoom)


async def test_what_cannot_be_looked_for_is_said_and_can_be_said_otherwise(stage):
    await stage.press("enter", "a", *"red hair >", "enter")
    assert isinstance(stage.app.screen, Ask)
    await stage.press("escape", "a", *"a hat", "enter")
    stage.session.emit(events.Refused("the renderer died", "place", 1))
    await stage.until(lambda: "the renderer died" in stage.status)
    assert isinstance(stage.app.screen, EditPlace)
    assert not stage.app.screen.looking


async def test_the_best_of_a_page_of_edits_come_first(stage):
    await stage.press("R", "enter")
    for id in range(12, 24):
        stage.session.archive.pictures[id] = flat_picture(id)
        score = -1.0 if id % 2 else float(id)
        stage.session.emit(events.Painted(id, flat_picture(id), score))
    await stage.until(lambda: stage.captions[0].endswith("22"))
    assert [int(c.split()[-1]) for c in stage.captions[:6]] == [22, 20, 18, 16, 14, 12]
    assert stage.cursor == 22
