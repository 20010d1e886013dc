"""What arrives while something else is under way: a page, a picture, an answer of the session."""

from dataclasses import replace

import pytest
from fake_session import FakeSession, flat_picture

from evolve.errors import FancierError
from evolve.genome import Prompt
from evolve.models.words.phrasing import WordChange
from evolve.search.plan import Plan
from evolve.session import events
from tui.controller.cards import State
from tui.controller.population_controller import PopulationController
from tui.widgets.status import reworded


class Alone:
    """A controller without screens."""

    def __init__(self, *, follows: bool = True) -> None:
        self.said: list[str] = []
        self.session = FakeSession()
        self.controller = PopulationController(
            self.session, notify=self.said.append, follows=lambda: follows
        )
        self.session.start(self.controller.receive)

    def breed(self) -> None:
        """Breed a page of which nothing is painted yet."""
        self.controller.rate(5)
        self.controller.breed()
        assert self.controller.pages.cursor == 12

    def look_for(self, words: str) -> None:
        """Look for the place of words in the first picture, which is painted."""
        self.controller.pages.go(0)
        assert self.controller.locate(WordChange(add=words))

    def state(self, id: int) -> State:
        return self.controller.pages.cards[id].state


@pytest.fixture
def alone() -> Alone:
    return Alone()


def test_undoing_a_rating_of_what_is_not_painted_yet_goes_to_it_first_as_all_undoing(alone):
    sees = lambda id: id in alone.controller.pages.shown  # noqa: E731
    alone.breed()
    alone.controller.rate(4)
    alone.controller.newcomers(12)
    alone.controller.undo(sees)
    assert alone.said[-1] == "breeding cannot be undone; , goes back"
    alone.controller.pages.show(0)
    alone.controller.undo(sees)
    assert alone.said[-1] == "the last answer is 4 on #12: u takes it back"
    assert (alone.controller.pages.cursor, list(alone.controller.kept)) == (12, [12])
    alone.controller.undo(sees)
    assert alone.said[-1] == "undone: 4 on #12"
    assert not alone.controller.kept
    alone.controller.undo(sees)  # of what was said before the page was bred
    assert alone.said[-1] == "breeding cannot be undone; , goes back"


def test_a_page_born_after_painting_was_stopped_waits_for_nothing(alone):
    alone.breed()
    alone.session.holds = True
    alone.controller.newcomers(4)
    assert alone.controller.stop_painting()
    alone.session.release()
    assert alone.controller.pages.cursor == 24
    assert alone.controller.painting.total == 0
    assert {alone.state(id) for id in range(12, 28)} == {State.UNPAINTED}
    alone.controller.newcomers(4)  # asked for after that, it is painted
    assert alone.controller.painting.total == 4


def test_a_page_asked_for_behind_a_stop_is_not_the_one_that_the_stop_refuses(alone):
    alone.breed()
    alone.session.holds = True
    alone.controller.stop_painting()
    alone.controller.newcomers(4)
    alone.session.emit(
        events.Refused("painting was stopped before all of them were bred", request=1)
    )
    assert alone.controller.breeding
    alone.session.release()
    assert (alone.controller.breeding, alone.controller.pages.cursor) == (False, 24)


def test_a_page_is_awaited_although_children_of_the_one_before_come_or_do_not(alone):
    alone.breed()
    rest = alone.session.archive.add(2, (0,))
    alone.session.holds = True
    alone.controller.newcomers(4)
    alone.session.emit(events.Born(rest, request=1))
    assert (alone.controller.breeding, alone.controller.pages.cursor) == (True, 12)
    alone.session.emit(events.Refused("the operator 'odd' failed", request=1))
    assert alone.controller.breeding
    assert alone.said[-1] == "the operator 'odd' failed"
    alone.session.release()
    assert (alone.controller.breeding, alone.controller.pages.cursor) == (False, 26)


def test_a_page_is_awaited_although_something_else_is_refused(alone):
    alone.breed()
    alone.session.holds = True
    alone.controller.newcomers(4)
    alone.look_for("a hat")
    alone.controller.weigh(0)
    alone.session.emit(events.Refused("the words cannot be weighed", "words", 1))
    assert (alone.controller.weighing, alone.controller.locating) == (None, True)
    alone.session.emit(events.Refused("no place is found", "place", 1))
    assert (alone.controller.breeding, alone.controller.locating) == (True, False)
    alone.session.release()
    assert alone.controller.pages.cursor == 24


def test_words_that_are_weighed_too_late_are_not_those_that_are_weighed_now(alone):
    alone.controller.weigh(0)
    alone.controller.weigh(1)
    alone.session.emit(events.WordsWeighed(0, {"a hat": 0.5}, 1))
    assert (alone.controller.weighing, alone.controller.effects) == (2, {0: {"a hat": 0.5}})
    alone.session.emit(events.WordsWeighed(1, {"a hat": 0.2}, 2))
    assert alone.controller.weighing is None


def test_an_ended_session_answers_no_request(alone):
    alone.look_for("a hat")
    alone.controller.weigh(0)
    alone.session.emit(events.Stopped("the disk is gone"))
    assert (alone.controller.locating, alone.controller.weighing) == (False, None)


def test_a_new_prompt_holds_behind_a_page_that_is_born_after_it_was_typed(alone):
    alone.session.holds = True
    alone.controller.newcomers(4)
    owl = Plan(prompt=Prompt.parse("an owl"), since=12)
    assert alone.controller.replan(owl)
    alone.session.archive.commit(replace(owl, since=16))  # as a session does
    alone.session.release()
    assert alone.controller.plan.since == 16
    assert reworded(alone.controller)
    alone.controller.newcomers(4)
    assert not reworded(alone.controller)


def test_what_is_refused_too_late_is_not_what_is_awaited_now(alone):
    alone.look_for("a hat")
    alone.controller.stop_locating()
    alone.look_for("glasses")
    alone.controller.weigh(0)
    alone.controller.weigh(0)
    alone.session.emit(
        events.Refused("no place is found", "place", 1),
        events.Refused("the words cannot be weighed", "words", 1),
    )
    assert (alone.controller.locating, alone.controller.weighing, alone.said) == (True, 2, [])
    alone.session.emit(
        events.Refused("no place is found", "place", 2),
        events.Refused("the words cannot be weighed", "words", 2),
    )
    assert (alone.controller.locating, alone.controller.weighing) == (False, None)
    assert alone.said == ["no place is found", "the words cannot be weighed"]


def test_one_that_is_dropped_and_wanted_again_twice_is_painted(alone):
    alone.breed()
    alone.session.holds = True
    for _ in range(4):
        alone.controller.reject()
    alone.session.release()
    assert alone.state(12) is State.WAITING
    alone.session.step([12], 3)
    assert alone.state(12) is State.PAINTING


def test_what_was_painted_before_it_could_be_dropped_stays_whatever_is_undone(alone):
    alone.breed()
    alone.controller.reject()
    alone.session.finish([12])
    alone.controller.undo(lambda id: True)
    assert (alone.state(12), alone.session.painted_again) == (State.PAINTED, [])
    alone.controller.redo(lambda id: True)
    assert (alone.state(12), alone.session.dropped) == (State.PAINTED, [12])


def test_what_is_painted_again_is_seen_in_place_of_what_was_seen_before(alone):
    alone.breed()
    alone.session.finish([12])
    alone.session.picture = lambda id: flat_picture(99)
    alone.session.finish([12])
    assert alone.controller.pictures.get(12).tolist() == flat_picture(99).tolist()


def test_undo_takes_a_rating_back_that_still_waits_for_its_picture(alone):
    alone.breed()
    alone.controller.rate(4)
    alone.controller.undo(lambda id: True)
    assert alone.said[-1] == "undone: 4 on #12"
    alone.session.finish([12])
    alone.controller.rate_kept()
    assert [j.value for j in alone.session.judgements] == [5]
    alone.controller.undo(lambda id: True)
    assert alone.said[-1] == "breeding cannot be undone; , goes back"


def test_a_rating_that_waits_counts_neither_for_what_is_dropped_nor_in_another_branch(alone):
    alone.breed()
    alone.controller.rate(4)
    alone.controller.reject()
    alone.controller.pages.move(1)
    alone.controller.rate(3)
    alone.controller.receive(events.Switched("main"))
    alone.session.finish([12, 13])
    alone.controller.rate_kept()
    alone.controller.leave()
    assert [(j.individual, j.value) for j in alone.session.judgements] == [(0, 5)]


def test_a_page_born_while_something_else_is_looked_at_leaves_that_where_it_is():
    alone = Alone(follows=False)
    alone.controller.mark()
    alone.controller.breed()
    assert alone.controller.pages.cursor == 0
    assert alone.controller.pages.marked == []
    assert alone.said == ["the next page is there: . in the gallery goes on to it"]


def test_who_stops_looking_for_a_place_stops_no_painting(alone):
    alone.breed()
    alone.look_for("a hat")
    alone.controller.stop_locating()
    assert (alone.session.given_up, alone.session.cancelled) == (1, 0)
    assert alone.controller.painting.total == 12


def test_no_branch_is_made_once_the_session_has_ended(alone):
    alone.controller.receive(events.Stopped("the disk is full"))
    with pytest.raises(FancierError, match="the session has ended: the disk is full"):
        alone.controller.fork("old", 3)
    assert alone.session.forks == []
