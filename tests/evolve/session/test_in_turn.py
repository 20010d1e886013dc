"""A page by taste does not depend on how fast its parents are painted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from fakes import FakeRenderer, MemoryArchive
from heard import Heard
from sittings import search_on

from evolve.genome import Genome
from evolve.scoring.looks.embedding import Embedding
from evolve.session import events
from evolve.session.archive import Judgement
from evolve.session.session import Session
from evolve.taste.parents import ByTaste

PAGE = 8
RATED = ((0, 5), (1, 1), (2, 4), (3, 2), (4, 3), (5, 2))


@contextmanager
def sitting(
    *, by_taste: bool = True
) -> Iterator[tuple[Session, Heard, FakeRenderer, MemoryArchive]]:
    archive, renderer, heard = MemoryArchive(), FakeRenderer(waits=True), Heard()

    def look(individual: int) -> Embedding | None:
        return archive.embedding(individual)

    taste = ByTaste(look, by="taste" if by_taste else "ratings")  # type: ignore[arg-type]
    search = search_on(archive, seed=4, rank=taste)
    session = Session(archive, search, lambda: renderer)
    session.start(heard.queue.put)
    session.breed(PAGE)
    heard.until(events.Born)
    try:
        yield session, heard, renderer, archive
    finally:
        session.close()


def rate(session: Session, heard: Heard, rated: Sequence[tuple[int, int]] = RATED) -> None:
    for individual, value in rated:
        session.judge(Judgement(individual=individual, kind="rate", value=value, page=0))
    heard.until(events.Judged, len(rated))


def second_page(archive: MemoryArchive) -> list[Genome]:
    return [one.genome for one in archive.individuals[PAGE:]]


@pytest.fixture(scope="module")
def at_leisure() -> list[Genome]:
    """The page that is bred when everything is painted before it is asked for."""
    with sitting() as (session, heard, renderer, archive):
        renderer.waits = False
        heard.until(events.Painted, PAGE)
        rate(session, heard)
        session.breed(PAGE)
        heard.until(events.Born)
        return second_page(archive)


def test_a_page_asked_for_while_judged_pictures_are_painted_waits_for_them(
    at_leisure: list[Genome],
) -> None:
    with sitting() as (session, heard, renderer, archive):
        rate(session, heard)
        session.breed(PAGE)
        rate(session, heard, [(6, 5), (0, 1)])  # too late for that page
        assert len(archive.individuals) == PAGE
        renderer.waits = False
        heard.until(events.Born)
        assert archive.verdicts()[6].rating == 5
        assert second_page(archive) == at_leisure


def test_a_page_by_ratings_waits_for_nothing() -> None:
    with sitting(by_taste=False) as (session, heard, _, archive):
        rate(session, heard)
        session.breed(PAGE)
        heard.until(events.Born)
        assert len(second_page(archive)) == PAGE


def test_chosen_parents_are_waited_for_by_nobody() -> None:
    with sitting() as (session, heard, _, archive):
        rate(session, heard)
        session.breed(PAGE, parents=[2])
        heard.until(events.Born)
        assert len(second_page(archive)) == PAGE


def test_no_page_that_is_asked_for_later_overtakes_it(at_leisure: list[Genome]) -> None:
    with sitting() as (session, heard, renderer, archive):
        rate(session, heard)
        session.breed(PAGE)
        session.breed(2, parents=[2])
        rate(session, heard, [(6, 5), (0, 1)])
        assert len(archive.individuals) == PAGE
        renderer.waits = False
        heard.until(events.Born, 2)
        assert second_page(archive)[:PAGE] == at_leisure
        assert len(archive.individuals) == 2 * PAGE + 2


def test_who_stops_painting_gives_the_page_up() -> None:
    with sitting() as (session, heard, _, archive):
        rate(session, heard)
        session.breed(PAGE)
        session.cancel()
        (refused,) = heard.until(events.Refused)
        assert "before the page was bred" in refused.text
        assert len(archive.individuals) == PAGE
