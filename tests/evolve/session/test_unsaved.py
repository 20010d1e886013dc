"""What cannot be saved waits, in order, and nothing of it is lost or shown before it is saved."""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager

import pytest
from fakes import FakeRenderer, MemoryArchive, Tight
from heard import Heard
from sittings import begun, painted, search_on

from evolve.errors import ArchiveError
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.session import events, unsaved
from evolve.session.archive import Judgement, Note, Render, Row
from evolve.session.session import Session


def no_pictures() -> Tight:
    """Return an archive that has room for all but pictures."""
    archive = Tight(kind=Render)
    archive.is_full = True
    return archive


def on(
    archive: MemoryArchive, renderer: FakeRenderer | None = None, *, start: float = 0.0
) -> AbstractContextManager[tuple[Session, Heard]]:
    def started() -> FakeRenderer:
        time.sleep(start)
        return renderer or FakeRenderer()

    return begun(Session(archive, search_on(archive), started, retry=0.01))


def rated(individual: int, value: int) -> Judgement:
    return Judgement(individual=individual, kind="rate", value=value, page=0)


@pytest.fixture
def archive() -> Tight:
    """Two painted individuals on a disk that is full from now on."""
    full = painted(2, Tight())
    full.is_full = True
    return full


def test_ratings_wait_for_room_and_are_saved_in_order(archive: Tight) -> None:
    with on(archive) as (session, heard):
        session.judge(rated(0, 5))
        session.judge(rated(0, 2), rated(1, 4))
        problem = heard.until(events.SaveFailed)[0]
        assert (problem.text, problem.brief) == (
            "no space left on the disk: free some",
            "disk full",
        )
        assert not any(isinstance(e, events.Judged) for e in heard.all)
        archive.is_full = False
        assert [len(j.judgements) for j in heard.until(events.Judged, 2)] == [1, 2]
        heard.until(events.CaughtUp)
    assert [archive.verdicts()[i].rating for i in (0, 1)] == [2, 4]
    assert sum(isinstance(e, events.SaveFailed) for e in heard.all) == 1


def test_children_wait_and_know_what_was_said_before_them(archive: Tight) -> None:
    with on(archive) as (session, heard):
        session.judge(rated(1, 5))
        session.plan(Plan(slots=("keep",)))
        session.breed(2)
        heard.until(events.SaveFailed)
        archive.is_full = False
        born = heard.until(events.Born)[0].individuals
        heard.until(events.Painted, 2)
    assert born[0].origin.operator == "keep"
    assert born[0].parents == (1,)
    assert archive.births()[2:] == list(born)


def test_children_that_could_not_be_saved_are_the_same_when_there_is_room(archive: Tight) -> None:
    stubborn = Tight(archive.commits, kind=Individual, times=3)
    with on(stubborn) as (session, heard):
        session.breed(3)
        born = heard.until(events.Born)[0].individuals
    assert [i.id for i in born] == [2, 3, 4]
    assert stubborn.births()[2:] == list(born)
    assert stubborn.refused == 3


def test_pictures_are_kept_and_shown_only_when_they_are_saved() -> None:
    archive, renderer = no_pictures(), FakeRenderer()
    with on(archive, renderer) as (session, heard):
        session.breed(3)
        heard.until(events.SaveFailed)
        session.judge(rated(0, 3))
        heard.until(events.Judged)  # a rating needs less room than a picture
        assert not any(isinstance(e, events.Painted) for e in heard.all)
        archive.is_full = False
        assert [p.id for p in heard.until(events.Painted, 3)] == [0, 1, 2]
    assert renderer.painted == [0, 1, 2]


def test_painting_pauses_when_too_many_pictures_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsaved, "MOST", 2)

    archive, renderer = no_pictures(), FakeRenderer()
    with on(archive, renderer) as (session, heard):
        session.breed(6)
        heard.until(events.SaveFailed)
        for _ in range(5):
            session.judge(rated(0, 3))
            heard.until(events.Judged)
        assert len(renderer.painted) == 2
        archive.is_full = False
        assert {p.id for p in heard.until(events.Painted, 6)} == set(range(6))


def test_what_is_dropped_while_painting_pauses_is_not_painted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unsaved, "MOST", 2)

    archive, renderer = no_pictures(), FakeRenderer()
    with on(archive, renderer) as (session, heard):
        session.breed(4)
        heard.until(events.SaveFailed)
        session.judge(rated(0, 3))
        heard.until(events.Judged)
        session.drop([3])
        session.judge(rated(0, 4))
        archive.is_full = False
        heard.until(events.CaughtUp)
        heard.until(events.Painted)
        session.newcomers(1)
        heard.until(events.Born)
        heard.until(events.Painted)
    assert renderer.painted == [0, 1, 2, 4]


def test_a_page_that_waits_for_room_is_not_painted_where_painting_is_stopped(
    archive: Tight,
) -> None:
    class Roomy(FakeRenderer):
        def cancel(self, ids: Sequence[int]) -> None:  # at once: the page is not saved yet
            super().cancel(ids)
            archive.is_full = False

    renderer = Roomy()
    with on(archive, renderer) as (session, heard):
        session.judge(rated(0, 5))
        session.breed(3)
        heard.until(events.SaveFailed)
        session.cancel()
        heard.until(events.PaintingStopped)
        session.note(0, "in its turn")
        heard.until(events.Noted)
    assert archive.unpainted() == [2, 3, 4]
    assert not renderer.painted


def test_leaving_while_nothing_can_be_saved_says_what_is_lost(archive: Tight) -> None:
    with on(archive) as (session, heard):
        session.judge(rated(0, 5))
        session.judge(rated(1, 5))
        heard.until(events.SaveFailed)
        session.close()
        assert heard.until(events.Stopped)[0].error == (
            "2 of your last answers could not be saved: no space left on the disk: free some"
        )


def test_leaving_tries_once_more(archive: Tight) -> None:
    with on(archive) as (session, heard):
        session.judge(rated(0, 5))
        heard.until(events.SaveFailed)
        archive.is_full = False
        session.close()
        assert heard.until(events.Stopped)[0].error == ""
    assert archive.verdicts()[0].rating == 5


def test_painting_can_be_stopped_while_nothing_can_be_saved(archive: Tight) -> None:
    archive.commits = archive.commits[:1]
    renderer = FakeRenderer(waits=True)
    with on(archive, renderer) as (session, heard):
        session.judge(rated(0, 5))
        heard.until(events.SaveFailed)
        session.cancel()
        session.close()
    assert renderer.cancelled == [0, 1]


def test_what_was_said_before_the_renderer_failed_to_start_is_saved(archive: Tight) -> None:
    archive.is_full = False

    def fails() -> FakeRenderer:
        session.judge(rated(0, 4))
        raise ArchiveError("no model")

    search = search_on(archive)
    session, heard = Session(archive, search, fails), Heard()
    session.start(heard.queue.put)
    assert heard.until(events.Stopped)[0].error == "no model"
    assert archive.verdicts()[0].rating == 4


def test_an_answer_that_cannot_be_saved_does_not_take_the_later_ones_with_it(
    archive: Tight,
) -> None:
    class Picky(MemoryArchive):
        def append(self, rows: Sequence[Row]) -> None:
            if isinstance(rows[0], Note):
                raise ArchiveError("the note is too long")
            super().append(rows)

    picky = Picky(archive.commits)
    with on(picky, start=0.1) as (session, heard):
        session.note(0, "long")
        session.judge(rated(0, 5))
        session.note(1, "long")
        session.judge(rated(1, 4))
        assert heard.until(events.Stopped)[0].error == (
            "the note is too long; 2 of your last answers could not be saved"
        )
    assert [picky.verdicts()[i].rating for i in (0, 1)] == [5, 4]


def test_answers_that_fail_after_the_renderer_are_counted_with_the_reason(archive: Tight) -> None:
    def fails() -> FakeRenderer:
        for i in (0, 1):
            session.judge(rated(i, 4))
        raise ArchiveError("no model")

    search = search_on(archive)
    session, heard = Session(archive, search, fails), Heard()
    session.start(heard.queue.put)
    assert heard.until(events.Stopped)[0].error == (
        "no model; 2 of your last answers could not be saved: no space left on the disk: free some"
    )
