"""Searching: in the pictures of a population, and in the list of populations."""

from dataclasses import replace

import numpy as np
import pytest
from fake_session import FakeSession
from many import million
from shelf import Shelf, at_home
from stage import on_stage

from evolve.genome import Prompt
from evolve.search.individual import Verdict
from tui.controller.search_terms import Finder, lists, parse, problem, prompts
from tui.screens.overlays.zoom import Zoom
from tui.widgets.chooser import Chooser


def worded() -> FakeSession:
    """Three pages; every fifth has red hair, and some are rated."""
    session = FakeSession((12, 12, 12))
    people = session.archive.individuals
    for i in range(0, 36, 5):
        genome = replace(people[i].genome, prompt=Prompt.parse("a man | Red Hair :1.4"))
        people[i] = replace(people[i], genome=genome)
    session.archive.judged = {
        3: Verdict(rating=2),
        10: Verdict(rating=5),
        20: Verdict(rating=4, pinned=True),
        21: Verdict(rejected=True),
    }
    session.archive.written = {7: "the mouth, at last"}
    return session


async def find(stage, text: str) -> None:
    await stage.press("slash")
    stage.app.screen.query_one("Input").value = text
    await stage.press("enter")
    await stage.app.workers.wait_for_complete()
    await stage.pilot.pause()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("red hair", [0, 5, 10, 15, 20, 25, 30, 35]),
        ('"hair red"', []),
        ("hair red MAN", [0, 5, 10, 15, 20, 25, 30, 35]),
        ("#31", [31]),
        ("#31 #3", [3, 31]),
        ("#99", []),
        ("rating:5", [10]),
        (">=4", [10, 20]),
        ("rating:<=4", [3, 20]),
        (">2 <5", [20]),
        ("hair >=4", [10, 20]),
        ("gen:2 hair", [15, 20]),
        ("gen:9", []),
        ("is:pinned", [20]),
        ("is:rejected", [21]),
        ("is:noted", [7]),
        ("mouth", [7]),
        ("bob mouth", [7]),
    ],
)
async def test_what_is_found(text, found):
    async with on_stage(worded()) as stage:
        pages, finder = stage.controller.pages, Finder(text)
        for _ in range(2):  # the second time nothing is read
            ids = finder.candidates(pages)
            hits = finder.read(ids, stage.session.archive, pages.cards.noted)
            assert hits.tolist() == found


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "say what to find: words, #31"),
        ("rating:high", "say which, like rating:5"),
        ("gen:first", "'gen:first': say which generation, like gen:3"),
        ("is:blue", "'is:blue': use rejected, pinned, picked or noted"),
    ],
)
def test_what_makes_no_sense_is_said(text, line):
    assert line in problem(text)


def test_what_makes_sense_is_no_problem():
    for text in ('red "long hair', "31", ":", "a:b", "#", ">=4"):
        assert problem(text) == ""


async def test_slash_goes_to_the_next_one_and_greater_and_less_go_on():
    async with on_stage(worded()) as stage:
        stage.controller.pages.go(12)
        await find(stage, "red hair")
        assert (stage.cursor, stage.controller.pages.generation) == (15, 1)
        assert "#15 is 4 of 8 for 'red hair'" in stage.status
        for key, cursor in (("greater_than_sign", 20), ("less_than_sign", 15)):
            await stage.press(key)
            await stage.until(lambda cursor=cursor: stage.cursor == cursor)
        stage.controller.pages.go(35)
        await stage.press("greater_than_sign")
        await stage.until(lambda: stage.cursor == 0)
        assert "#0 is 1 of 8 for 'red hair', around again" in stage.status
        await stage.press("less_than_sign")
        await stage.until(lambda: stage.cursor == 35)


async def test_ratings_of_a_moment_ago_are_found_in_the_zoom_too():
    async with on_stage(worded()) as stage:
        await stage.press("right", "5", "left", "enter")
        await find(stage, "rating:5")
        assert isinstance(stage.app.screen, Zoom)
        assert stage.cursor == 25
        assert "#25 is 2 of 2" in stage.status


async def test_what_is_not_there_is_said_and_the_cursor_stays():
    async with on_stage(worded()) as stage:
        await find(stage, "blue hair")
        assert stage.cursor == 24
        assert "nothing here is 'blue hair'" in stage.status
        session = FakeSession()
    async with on_stage(session) as stage:
        await stage.press("greater_than_sign")
        assert "/ searches; > and < go on" in stage.status


async def test_words_that_cannot_be_read_are_one_line():
    session = worded()
    session.archive.damage("genome", 26, "the genome of individual 26 is altered")
    async with on_stage(session) as stage:
        await find(stage, "blue hair")
        assert "the genome of individual 26 is altered" in stage.status


async def test_the_list_is_searched_by_words_and_by_how_many_are_rated():
    async with at_home(Shelf("faces", "pirates", "more faces")) as (home, _, pilot):
        chooser = home.query_one(Chooser)
        await pilot.press("slash", *"Faces", "enter")
        await pilot.pause()
        assert chooser.selected == 2
        assert "2 for 'Faces'" in home.query_one("#message").text
        for key, place in (("greater_than_sign", 0), ("less_than_sign", 2)):
            await pilot.press(key)
            await pilot.pause()
            assert chooser.selected == place
        await pilot.press("slash", *["backspace"] * 5, *"ships", "enter")
        await pilot.pause()
        assert chooser.selected == 2
        assert "no population is 'ships'" in home.query_one("#message").text


def test_which_populations_are_meant():
    faces = {"name": "faces", "prompt": "a woman", "model": "portraits", "rated": 7}
    for text in ("WOMAN faces", "rated:>=7", "portr"):
        assert lists(parse(text), faces)
    for text in ("man faces2", "rated:>7", "#3", "is:pinned"):
        assert not lists(parse(text), faces)


def test_the_store_tells_words_without_genomes(tmp_path, monkeypatch):
    from saved import CONFIG, born

    from populations import Population

    with Population.create(tmp_path, "faces", CONFIG, rows=[born(0, 0), born(1, 0)]) as p:
        monkeypatch.setattr(p, "genome", None)
        assert list(prompts(p, [1, 0])) == ["a face", "a face"]


def test_a_million_are_searched_by_columns():
    pages = million({5: Verdict(rating=5), 700_000: Verdict(rating=4, pinned=True)})
    assert Finder(">=4").candidates(pages).tolist() == [5, 700_000]
    assert Finder("#999999").candidates(pages).tolist() == [999_999]
    assert Finder("gen:2").candidates(pages).tolist() == list(range(12, 24))
    assert len(pages.cards.drawn) == 0
    assert isinstance(Finder("x").candidates(pages), np.ndarray)
