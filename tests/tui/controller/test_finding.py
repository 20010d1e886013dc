"""Searching: in the pictures of a population, and in the list of populations."""

import threading
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
import pytest
from fake_session import FakeSession
from many import million
from saved import CONFIG, born, painted
from shelf import Shelf, at_home
from stage import CountingApp, on_stage, until

from evolve.genome import Prompt
from evolve.search.individual import Verdict
from evolve.session import events
from evolve.session.archive import Judgement
from populations import Population
from populations.studio.showing.viewing import Viewing
from tui.controller.finding.search_terms import Finder, lists, parse, problem
from tui.controller.population_controller import PopulationController
from tui.screens.gallery import Gallery
from tui.screens.help import Help
from tui.screens.overlays.favourites import Favourites
from tui.screens.overlays.zoom import Zoom
from tui.widgets.chooser import Chooser
from tui.widgets.keybar import KeyBar
from tui.widgets.status import Status


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
def test_what_is_found(text, found):
    session, finder = worded(), Finder(text)
    pages = PopulationController(session, notify=print).pages
    for _ in range(2):  # the second time nothing is read
        ids = finder.candidates(pages)
        assert finder.read(ids, session.archive, pages.cards.noted).tolist() == found


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


async def test_what_is_found_in_a_branch_that_was_left_is_not_shown_in_another():
    gate = threading.Event()
    async with on_stage(worded()) as stage:
        await find(stage, "red hair")
        finder = stage.gallery.finder
        read = finder.read
        finder.read = lambda *asked: gate.wait(60) and read(*asked)
        stage.session.fork("old", 3)
        await stage.press("greater_than_sign")
        stage.gallery.go_on_in("old")
        await stage.until(lambda: stage.controller.branch == "old")
        before = stage.cursor
        gate.set()
        await stage.app.workers.wait_for_complete()
        assert stage.cursor == before


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
        assert "nothing here matches 'blue hair'" in stage.status
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


async def test_a_search_goes_on_in_what_was_saved_elsewhere_meanwhile():
    session, may_read = worded(), threading.Event()
    genome = session.archive.genome

    def read_slowly(ids):
        assert may_read.wait(60)
        return [str(genome(id).prompt) for id in ids]

    session.archive.prompts = read_slowly
    async with on_stage(session) as stage:
        await stage.press("slash", *"red hair", "enter")
        before = stage.controller.pages
        session.emit(events.Renewed())
        await stage.until(lambda: stage.controller.pages is not before)
        may_read.set()
        await stage.app.workers.wait_for_complete()
        assert stage.cursor == 25


async def test_the_list_is_searched_by_words_and_by_how_many_are_rated():
    async with at_home(Shelf("faces", "pirates", "more faces")) as (home, _, pilot):
        chooser = home.query_one(Chooser)
        await pilot.press("slash", *"Faces", "enter")
        await pilot.pause()
        assert chooser.selected == 2
        assert "2 found for 'Faces'" in home.query_one("#message").text
        for key, place in (("greater_than_sign", 0), ("less_than_sign", 2)):
            await pilot.press(key)
            await pilot.pause()
            assert chooser.selected == place
        await pilot.press("slash", *["backspace"] * 5, *"ships", "enter")
        await pilot.pause()
        assert chooser.selected == 2
        assert "no population matches 'ships'" in home.query_one("#message").text


def test_which_populations_are_meant():
    faces = {"name": "faces", "prompt": "a woman", "model": "portraits", "rated": 7}
    for text in ("WOMAN faces", "rated:>=7", "portr"):
        assert lists(parse(text), faces)
    for text in ("man faces2", "rated:>7", "#3", "is:pinned"):
        assert not lists(parse(text), faces)


def test_the_store_tells_words_without_genomes(tmp_path, monkeypatch):
    with Population.create(tmp_path, "faces", CONFIG, rows=[born(0, 0), born(1, 0)]) as p:
        monkeypatch.setattr(p, "genome", None)
        assert list(p.prompts([1, 0])) == ["a face", "a face"]


def test_a_million_are_searched_by_columns():
    pages = million({5: Verdict(rating=5), 700_000: Verdict(rating=4, pinned=True)})
    assert Finder(">=4").candidates(pages).tolist() == [5, 700_000]
    assert Finder("#999999").candidates(pages).tolist() == [999_999]
    assert Finder("gen:2").candidates(pages).tolist() == list(range(12, 24))
    assert len(pages.cards.drawn) == 0
    assert isinstance(Finder("x").candidates(pages), np.ndarray)


@asynccontextmanager
async def second_branch(folder):
    """Open the second branch of a population, which goes on from #1; #2 to #5 are of main alone."""
    rows = [*(born(i, i // 2) for i in range(6)), *map(painted, range(6))]
    with Population.create(folder, "faces", CONFIG, rows=rows) as population:
        population.append([Judgement(individual=3, kind="rate", value=5)])
        population.fork("second", at=1)
        population.branch("second").append([born(6, 3, 1), painted(6)])
    view = Viewing(Population.open(folder / "faces", write=False), "second", every=60)
    gallery = Gallery(view, name="faces")
    app = CountingApp(gallery)
    async with app.run_test(size=(160, 36)) as pilot:
        await until(pilot, lambda: gallery.controller.pages.cursor == 6)
        yield gallery, app, pilot


async def test_a_search_says_what_is_in_other_branches(tmp_path):
    notices = {
        "#4": "#4 is in main: B goes there",
        "rating:5": "#3 is in main: B goes there",
        "gen:2": "none in this branch matches 'gen:2', but 2 in main: B goes there",
        "face gen:3": "none in this branch matches 'face gen:3', but 2 in main: B goes there",
        "#99": "nothing here matches '#99'",
        "word " * 500: "nothing here matches 'word word word word word word word word…'",
        "is:noted": "nothing here matches 'is:noted'",
        "face": "#0 is 1 of 3 in this branch for 'face', around again",
        "gen:4": "#6 is 1 of 1 in this branch for 'gen:4'",
    }
    async with second_branch(tmp_path) as (gallery, app, pilot):
        for text, notice in notices.items():
            await pilot.press("slash")
            app.screen.query_one("Input").value = text
            await pilot.press("enter")
            await until(pilot, lambda notice=notice: gallery.notice == notice)


async def test_a_branch_is_told_from_others_by_its_pages_and_favourites(tmp_path):
    async with second_branch(tmp_path) as (gallery, app, pilot):
        await until(pilot, lambda: "page 2/2 (generation 4)" in gallery.query_one(Status).text)
        await pilot.press("comma")
        await until(pilot, lambda: "page 1/2 (generation 1)" in gallery.query_one(Status).text)
        await pilot.press("F")
        await until(pilot, lambda: isinstance(app.screen, Favourites))
        status = app.screen.query_one(Status)
        await until(pilot, lambda: "all branches: #3 is of main" in status.text)
        await pilot.press("o", "escape", "F")
        await until(pilot, lambda: isinstance(app.screen, Favourites))
        assert app.screen.order == "newest"
        assert gallery.favourites_by == ("newest", False)  # there were none to be shown alone


async def test_what_cannot_be_done_read_only_is_not_offered(tmp_path):
    async with second_branch(tmp_path) as (gallery, app, pilot):
        bar = gallery.query_one(KeyBar)
        await until(pilot, lambda: "compare" in bar.text)
        for word in ("rate", "breed", "reject", "pin", "words", "settings", "new page"):
            assert word not in bar.text
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        senses = [sense for lines in app.screen._sections.values() for _, sense in lines]
        assert "Show it large" in senses
        assert "Breed the next page" not in senses
        await pilot.press("escape", "3")
        await until(pilot, lambda: "read-only: nothing can be changed" in gallery.notice)
