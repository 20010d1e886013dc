"""A new prompt holds behind all that was asked for before it, whenever that is born."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from broods import Held
from fakes import SHAPE, MemoryArchive
from heard import Heard
from sittings import painted, search_on, session_on

from evolve.genome import Prompt
from evolve.search.edits import PaintedPlace
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Judgement
from evolve.session.session import Session
from evolve.taste.parents import ByTaste

PAGE = 6
OWL = Prompt.parse("an owl")


@contextmanager
def judged_page() -> Iterator[tuple[Session, Heard, Held, MemoryArchive]]:
    """A session with a judged page whose pictures are still to come: the next waits for them."""
    archive, renderer = MemoryArchive(), Held()
    renderer.is_held = True
    search = search_on(archive, rank=ByTaste(archive.embedding, by="taste"))
    with session_on(archive, renderer, search=search) as (session, heard):
        session.breed(PAGE)
        for i in range(PAGE):
            session.judge(Judgement(individual=i, kind="rate", value=1 + i % 5, page=0))
        heard.until(events.Judged, PAGE)
        yield session, heard, renderer, archive


def prompts(archive: MemoryArchive, first: int) -> list[str]:
    return [str(one.genome.prompt) for one in archive.individuals[first:]]


def test_a_prompt_that_was_typed_before_a_page_was_seen_holds_behind_it() -> None:
    archive = MemoryArchive()
    with session_on(archive) as (session, heard):
        session.breed(PAGE)
        session.plan(Plan(prompt=OWL))
        assert heard.until(events.Planned)[0].plan == Plan(prompt=OWL, since=PAGE) == archive.plan()
        session.plan(Plan(prompt=OWL, step=9.0))
        session.breed(1)
        session.plan(Plan(prompt=OWL, step=8.0))
        heard.until(events.Planned, 2)
    assert archive.plan() == Plan(prompt=OWL, since=PAGE, step=8.0)


def test_a_page_that_waits_for_pictures_is_born_before_the_prompt_holds() -> None:
    with judged_page() as (session, heard, renderer, archive):
        session.breed(PAGE)
        session.plan(Plan(prompt=OWL))
        heard.until(events.Planned)
        renderer.is_held = False
        heard.until(events.Born)
        assert archive.plan() == session.search.plan == Plan(prompt=OWL, since=2 * PAGE)
        session.breed(1, parents=[PAGE])
        heard.until(events.Born)
        assert prompts(archive, PAGE) == ["a"] * PAGE + ["an owl"]


def test_of_several_prompts_each_holds_behind_what_was_asked_for_before_it() -> None:
    with judged_page() as (session, heard, renderer, archive):
        session.breed(PAGE)
        session.newcomers(2)
        session.plan(Plan(prompt=Prompt.parse("a hat")))
        session.newcomers(1)
        session.plan(Plan(prompt=OWL))
        session.plan(Plan(prompt=OWL, step=9.0))
        session.newcomers(1)
        heard.until(events.Planned, 3)
        renderer.is_held = False
        heard.until(events.Born, 4)
        assert prompts(archive, PAGE) == ["a"] * (PAGE + 2) + ["a hat", "an owl"]
        expected = Plan(prompt=OWL, since=2 * PAGE + 3, step=9.0)
        assert archive.plan() == session.search.plan == expected


def test_a_prompt_that_is_taken_back_at_once_holds_from_then_on() -> None:
    with judged_page() as (session, heard, renderer, archive):
        session.breed(PAGE)
        session.newcomers(2)
        session.plan(Plan(prompt=OWL))
        session.plan(Plan())
        heard.until(events.Planned, 2)
        renderer.is_held = False
        heard.until(events.Born, 2)
        session.note(0, "in its turn")
        heard.until(events.Noted)
        assert archive.plan() == session.search.plan == Plan(since=2 * PAGE + 2)


def test_an_edit_that_waits_for_the_latent_of_its_picture_is_born_before_the_prompt_holds() -> None:
    archive, place = painted(1), np.zeros(SHAPE[1:], np.bool_)
    place[1:3, 1:3] = True
    renderer = Held()
    renderer.is_held = True
    with session_on(archive, renderer) as (session, heard):
        session.alter(0, PaintedPlace(mask=place), 2)
        session.plan(Plan(prompt=OWL))
        heard.until(events.Planned)
        renderer.is_held = False
        heard.until(events.Born)
        assert archive.plan() == session.search.plan == Plan(prompt=OWL, since=3)
