"""The pages of saved populations: generations, branches, and no card that nobody looked at."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from saved import CONFIG, born, painted

from evolve.search.individual import Origin
from evolve.session.archive import Judgement, Render, Score
from populations import Population
from tui.controller import pedigree_columns
from tui.controller.cards import State
from tui.controller.pages import Pages


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages of two on the main branch, and a page on the branch `back` from the first."""
    home = tmp_path_factory.mktemp("original")
    with Population.create(home, "faces", CONFIG, rows=[born(0, 0), born(1, 0)]) as population:
        population.append([born(2, 1, 0, 1), born(3, 1, 1)])
        population.append([born(4, 2, 2), born(5, 2, 3, 1)])
        population.fork("back", at=0)
        population.branch("back").append([born(6, 3, 0), born(7, 3, 1, 0)])
        population.append([painted(i) for i in range(7)])
    return home


@pytest.fixture
def forked(home: Path) -> Iterator[Population]:
    with Population.open(home / "faces") as population:
        yield population


def test_a_board_shows_the_pages_of_its_branch(forked):
    pages = Pages(forked.branch("back"))
    assert pages.generations == [0, 3]
    assert (pages.shown, pages.cursor) == ([6, 7], 6)
    assert pages.turn(-1)
    assert (pages.shown, pages.cursor) == ([0, 1], 0)
    assert not pages.turn(-1)
    assert Pages(forked.branch("main")).generations == [0, 1, 2]


def test_a_board_shows_the_pinned_of_other_branches(forked):
    forked.append([Judgement(individual=4, kind="pin", value=1)])
    pages = Pages(forked.branch("back"))
    assert pages.generations == [0, 2, 3]
    assert pages.turn(-1)
    assert pages.shown == [4]
    assert pages.cards[4].verdict.pinned


def test_whoever_the_cursor_comes_to_has_a_page(forked):
    forked.append([Judgement(individual=4, kind="pin", value=1)])
    pages = Pages(forked.branch("back"))
    for id in (4, 2, 5):  # a parent, and a sibling, of whom neither is of this branch
        pages.go(id)
        assert pages.current.id == id
        assert id in pages.shown
    assert pages.generations == [0, 1, 2, 3]
    assert pages.shown == [4, 5]


def test_kin_are_found_through_all_branches(forked):
    pages = Pages(forked.branch("back"))
    assert pages.children(1) == [2, 3, 5, 7]
    assert pedigree_columns.children(pages, 0) == [2, 6]
    assert pedigree_columns.line(pages, 4) == [0, 2, 4]
    assert pedigree_columns.siblings(pages, 1) == [0, 1]
    pages.add([born(8, 4, 6, 1)])
    assert pages.children(1) == [2, 3, 5, 7, 8]
    assert pedigree_columns.line(pages, 8) == [0, 6, 8]
    assert pedigree_columns.columns(pages, 8, 2, 1) == [[6], [8]]


def test_nobody_has_a_card_before_somebody_looks(forked):
    forked.append([Render(individual=3, picture=None, error="no")])
    forked.append([Score(individual=i, scorer="clip", value=i % 5) for i in range(6)])
    pages = Pages(forked.branch("main"))
    assert pages.cursor == 4  # has the highest score
    assert {card.id for card in pages.cards.drawn} == {3}
    assert len(pages.cards) == 8
    assert pages.missing == [3]
    assert pages.cards[3].error == "no"
    assert pages.cards.judged


def test_newborns_wait_and_what_is_unpainted_too(forked):
    pages = Pages(forked.branch("back"))
    assert pages.cards[7].state is State.WAITING
    pages.add([born(8, 4, 6)])
    assert pages.cards[8].state is State.WAITING
    assert (pages.generations, pages.shown) == ([0, 3, 4], [6, 7])
    assert pages.cards[0].state is State.PAINTED
    assert not pages.cards.judged
    pages.cards[8].judge("rate", 3)
    assert pages.cards.judged


def test_a_newborn_that_was_read_already_is_taken_in_once(forked):
    archive = forked.branch("back")
    late = [born(8, 4, 6), born(9, 4, 7)]
    archive.append([*late, painted(8)])
    pages = Pages(archive)
    pages.add(late)
    pages.add([born(10, 5, 8)])
    assert len(pages.cards) == 11
    assert [pages.cards[id].birth.parents for id in (8, 9, 10)] == [(6,), (7,), (8,)]
    states = [pages.cards[id].state for id in (8, 9, 10)]
    assert states == [State.PAINTED, State.WAITING, State.WAITING]


def test_a_board_may_be_made_while_others_are_born(forked, monkeypatch):
    def meanwhile(name):
        read = getattr(forked, name)

        def grow(*args):
            id = len(forked)
            failed = Render(individual=id, picture=None, error="no")
            score = Score(individual=id, scorer="clip", value=id)
            forked.branch("back").append([born(id, id, 0), born(id + 1, id, 1), failed, score])
            return read(*args)

        monkeypatch.setattr(forked, name, grow)

    for name in ("born_in", "births", "verdicts", "failed", "unpainted"):
        meanwhile(name)
    pages = Pages(forked.branch("back"))
    assert set(pages.generations) <= set(pages.cards.births.generations.tolist())
    assert all(card.birth.id == card.id for card in pages.cards.drawn)


def test_a_page_of_edits_is_in_its_order_when_it_is_opened_again(tmp_path):
    told = Origin("edit", {"add": "glasses"})
    page = [replace(born(i, 1, 0), origin=told) for i in (1, 2, 3, 4)]
    with Population.create(tmp_path, "faces", CONFIG, rows=[born(0, 0), painted(0)]) as population:
        population.append(page)
        for i, wanted in ((1, -3.0), (2, -0.5), (3, -1.0)):
            population.append([replace(painted(i), record={"wanted": wanted})])
        assert Pages(population.branch("main")).shown == [1, 2, 3, 4]  # one is not painted yet
        population.append([Render(individual=4, picture=None, error="no memory")])
        pages = Pages(population.branch("main"))
        assert (pages.shown, pages.cursor) == ([2, 3, 1, 4], 2)
    with Population.open(tmp_path / "faces") as again:
        assert Pages(again.branch("main")).shown == [2, 3, 1, 4]
