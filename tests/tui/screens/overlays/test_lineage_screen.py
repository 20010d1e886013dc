"""The ancestors of a picture with their siblings, and its children."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from fake_session import FakeSession
from stage import on_stage, turn_wheel

from evolve.errors import ArchiveError
from evolve.search.individual import Verdict
from evolve.taste.pages.slate import ROLE, SIGNS
from tui.controller import pedigree_columns
from tui.controller.pages import Pages
from tui.screens.overlays.lineage import MOST, Lineage
from tui.screens.overlays.zoom import Zoom
from tui.widgets.pictures.wall import Wall


def family():
    """Four founders; 4 to 6 are children of 1, 7 and 8 of 5, 9 to 11 of 7."""
    session = FakeSession((4,))
    for count, parent in ((3, 1), (2, 5), (3, 7)):
        session.archive.add(count, (parent, 0))
    session.archive.pictures = {i.id: session.picture(i.id) for i in session.archive.individuals}
    return session


@pytest.fixture
def pages():
    return Pages(family().archive)


def test_each_column_holds_the_siblings_of_an_ancestor(pages):
    assert pedigree_columns.columns(pages, 7, 5, 4) == [
        [0, 1, 2, 3],
        [4, 5, 6, None],
        [7, 8, None, None],
        [9, 10, 11, None],
        [None] * 4,
    ]


def test_where_not_all_fit_the_latest_columns_and_those_around_the_line_are_shown(pages):
    assert pedigree_columns.columns(pages, 7, 2, 2) == [[7, 8], [9, 10]]
    assert pedigree_columns.columns(pages, 6, 1, 2) == [[5, 6]]


def test_the_best_ancestor_is_found_if_it_was_better(pages):
    assert pedigree_columns.better_before(pages, 0) is None
    assert pedigree_columns.better_before(pages, 9) is None
    pages.cards[5].judge("rate", 4)
    pages.cards[1].judge("rate", 2)
    assert pedigree_columns.better_before(pages, 9) == 5
    pages.cards[9].judge("pick", 1)
    pages.cards[9].judge("rate", 4)
    assert pedigree_columns.better_before(pages, 9) is None


async def test_moving_left_and_right_goes_to_parent_and_child_up_and_down_to_siblings():
    async with on_stage(family()) as stage:
        stage.controller.pages.go(7)
        await stage.press("t")
        assert isinstance(stage.app.screen, Lineage)
        moves = [("down", 8), ("j", 8), ("up", 7), ("k", 7), ("left", 5), ("h", 1), ("g", 1)]
        moves += [("right", 5), ("l", 7), ("right", 9), ("home", 1), ("h", 1), ("down", 2)]
        moves += [("right", 2)]  # childless
        for key, cursor in moves:
            await stage.press(key)
            assert (key, stage.cursor) == (key, cursor)
        assert "line of #2, 1 long" in stage.status


async def test_the_line_and_the_cursor_are_marked_in_characters_also_on_pages_by_taste():
    session = family()
    for id in (5, 6):
        individual = session.archive.individuals[id]
        by_taste = replace(individual.origin, params={ROLE: next(iter(SIGNS))})
        session.archive.individuals[id] = replace(individual, origin=by_taste)
    async with on_stage(session) as stage:
        assert stage.controller.pages.cards[5].sign
        stage.controller.pages.go(7)
        await stage.press("t")
        wall = stage.app.screen.query_one(Wall)
        await stage.until(lambda: len(wall.faces) > 4)
        labels = {face.id: face.caption for face in wall.faces}
        assert labels[7].cursor == "▸"
        assert {id: labels[id].state for id in labels if labels[id].state} == dict.fromkeys(
            (1, 5, 7), "─"
        )


async def test_w_goes_back_to_where_it_was_better():
    session = family()
    session.archive.judged = {5: Verdict(rating=4)}
    async with on_stage(session) as stage:
        stage.controller.pages.go(11)
        await stage.press("t", "w")
        assert stage.cursor == 5
        await stage.press("w")
        assert "no ancestor was rated higher" in stage.status


async def test_enter_goes_to_the_page_of_a_picture_and_back_to_where_one_was():
    async with on_stage(family()) as stage:
        stage.controller.pages.go(9)
        await stage.press("enter", "t", "left", "left", "enter")
        assert stage.app.screen is stage.gallery
        assert stage.captions[:2] == ["4", "▸ 5"]
        await stage.press("enter")
        for key in ("escape", "q", "t"):
            await stage.press("t", "left", key)
            assert isinstance(stage.app.screen, Zoom)
            assert stage.cursor == 5


async def test_pictures_are_judged_and_bred_from_where_they_stand():
    async with on_stage(family()) as stage:
        stage.controller.pages.go(7)
        await stage.press("t", "left", "4", "m")
        assert stage.judgements == [(5, "rate", 4)]
        assert stage.session.bred == [(12, (5,))]
        assert stage.app.screen is stage.gallery


async def test_a_click_moves_there_and_another_goes_to_its_page():
    async with on_stage(family()) as stage:
        stage.controller.pages.go(7)
        await stage.press("t")
        wall = stage.app.screen.query_one(Wall)
        await stage.until(lambda: len(wall.faces) > 4)
        first = stage.app.screen.query("CardView").first()
        await stage.pilot.click(first)
        assert stage.cursor == wall.faces[0].id == 0
        await stage.press("end")
        assert stage.cursor == 7
        turn_wheel(stage.app, first.region.center, 1)
        await stage.until(lambda: stage.cursor == 8)
        await stage.pilot.click(first)
        await stage.pilot.click(first)
        assert stage.app.screen is stage.gallery
        assert stage.cursor == 0


async def test_a_branch_goes_on_from_an_ancestor():
    async with on_stage(family()) as stage:
        stage.controller.pages.go(9)
        await stage.press("t", "left", "left", "B", "enter")
        error = stage.app.screen.query_one("#error")
        await stage.until(lambda: "needs a name" in str(error.render()))
        await stage.press(*"old", "enter")
        await stage.until(lambda: stage.controller.branch == "old")
        assert stage.session.forks == [("old", 5)]
        assert stage.app.screen is stage.gallery
        assert stage.cursor == 5
        assert "'old' goes on from #5" in stage.status


async def test_why_a_new_branch_cannot_be_read_is_shown():
    def fails(branch):
        raise ArchiveError(f"branch '{branch}' is damaged")

    async with on_stage(family()) as stage:
        stage.session.switch = fails
        await stage.press("t", "B", *"old", "enter")
        await stage.until(lambda: "branch 'old' is damaged" in stage.status)
        assert stage.session.forks


def test_no_more_places_are_shown_than_pictures_are_kept_at_hand():
    gallery = SimpleNamespace(reader=SimpleNamespace(aspect=1.0))
    for size in ((400, 120), (30, 900), (2000, 9)):
        grid = Lineage._grid(SimpleNamespace(gallery=gallery), *size)
        assert 1 <= grid.columns * grid.rows <= MOST
