"""A session: children, judgements, plans and branches, in order, from its start to its end."""

import threading
from collections.abc import Sequence

import pytest
from fakes import FakeRenderer, MemoryArchive
from sittings import session_on, session_with

from evolve.rendering.protocol import Fetching, Measuring, RenderEvent, Restarted
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Judgement, Render, Row


def test_children_are_saved_then_painted_then_shown() -> None:
    archive = MemoryArchive()
    with session_on(archive) as (session, heard):
        session.breed(4)
        born = heard.until(events.Born)[0]
        assert [i.id for i in born.individuals] == [0, 1, 2, 3]
        painted = heard.until(events.Painted, 4)
    assert [p.id for p in painted] == [0, 1, 2, 3]
    assert not archive.unpainted()
    assert [len(c) for c in archive.commits] == [4, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (Fetching("o/n@abc", 250_000_000, 1_000_000_000), "downloading o/n: 25% of 1000 MB"),
        (Measuring("o/n@abc"), "measuring the best batch size for o/n (first run only)"),
        (Restarted("the renderer died"), "the renderer died"),
    ],
)
def test_what_a_person_has_to_wait_for_is_told(event: RenderEvent, told: str) -> None:
    renderer = FakeRenderer()
    renderer._pending.insert(0, event)
    with session_on(MemoryArchive(), renderer) as (_, heard):
        assert heard.until(events.Notice) == [
            events.Notice(told, preparing=not isinstance(event, Restarted))
        ]


def test_what_was_not_painted_is_painted_when_the_session_starts() -> None:
    archive = MemoryArchive()
    with session_on(archive, FakeRenderer(poison=range(99))) as (session, heard):
        session.breed(3)
        heard.until(events.PaintingFailed, 3)
    archive.commits = archive.commits[:1]  # as after a kill: born, not painted
    with session_on(archive) as (_, heard):
        assert [p.id for p in heard.until(events.Painted, 3)] == [0, 1, 2]


def test_a_judgement_is_acknowledged_only_when_it_is_saved() -> None:
    archive = MemoryArchive()
    with session_with(2, archive=archive) as (session, heard):
        session.judge(Judgement(individual=1, kind="rate", value=5, page=0))
        judged = heard.until(events.Judged)[0]
        assert archive.verdicts()[1].rating == judged.judgements[0].value == 5


def test_ratings_decide_who_is_bred_next() -> None:
    with session_on(MemoryArchive()) as (session, heard):
        session.breed(4)
        session.judge(Judgement(individual=2, kind="rate", value=5, page=0))
        session.breed(6)
        _, children = heard.until(events.Born, 2)
        assert sum(2 in c.parents for c in children.individuals) >= 5


def test_it_goes_on_in_another_branch_with_what_was_said_there() -> None:
    there = MemoryArchive()
    with session_on(there) as (session, heard):
        session.breed(4)
        session.judge(Judgement(individual=3, kind="rate", value=5, page=0))
        heard.until(events.Judged)
    with session_with(4) as (session, heard):
        session.go_on_in(there, "other")
        assert heard.until(events.Switched) == [events.Switched("other")]
        session.breed(6)
        children = heard.until(events.Born)[0]
        assert sum(3 in c.parents for c in children.individuals) >= 5
    assert session.archive is there


def test_a_rating_taken_back_is_forgotten() -> None:
    with session_on(MemoryArchive()) as (session, heard):
        session.breed(4)
        for value in (5, 0):
            session.judge(Judgement(individual=2, kind="rate", value=value, page=0))
        session.breed(6)
        _, founders = heard.until(events.Born, 2)
        assert not any(f.parents for f in founders.individuals)


def test_closing_saves_what_was_said_before_and_tells_the_end_once() -> None:
    archive, renderer = MemoryArchive(), FakeRenderer()
    with session_with(2, renderer, archive=archive) as (session, heard):
        for value in (1, 2, 3, 4, 5):
            session.judge(Judgement(individual=0, kind="rate", value=value, page=0))
        session.close()
        assert heard.until(events.Stopped)[0].error == ""
    assert archive.verdicts()[0].rating == 5
    assert renderer.closed == 1
    assert sum(isinstance(e, events.Stopped) for e in heard.all) == 1


def test_closing_saves_ratings_even_when_pictures_arrive_by_the_dozen() -> None:
    class Burst(FakeRenderer):
        def poll(self, timeout: float) -> list:
            return [event for _ in range(len(self.queue)) for event in super(Burst, self).poll(0)]

    class Slow(MemoryArchive):
        never = threading.Event()

        def append(self, rows: Sequence[Row]) -> None:
            super().append(rows)
            if isinstance(rows[0], Render):
                self.never.wait(0.2)

    archive = Slow()
    with session_on(archive, Burst()) as (session, heard):
        session.breed(12)
        heard.until(events.Painted)
        session.judge(Judgement(individual=0, kind="rate", value=5, page=0))
        session.close()
        assert archive.verdicts()[0].rating == 5


def test_cancelling_leaves_the_rest_unpainted_and_it_can_be_taken_up_again() -> None:
    class Patient(FakeRenderer):
        def cancel(self, ids: Sequence[int]) -> None:
            super().cancel(ids)
            self.waits = False

    archive, renderer = MemoryArchive(), Patient(waits=True)
    with session_on(archive, renderer) as (session, heard):
        session.breed(3)
        heard.until(events.Born)
        session.cancel()
        session.paint([1])
        assert heard.until(events.Painted)[0].id == 1
    assert archive.unpainted() == [0, 2]


def test_a_plan_is_saved_and_holds_for_the_next_page() -> None:
    archive = MemoryArchive()
    with session_on(archive) as (session, heard):
        session.breed(4)
        session.plan(Plan(slots=("keep",)))
        session.breed(2, parents=[1])
        assert heard.until(events.Planned)[0].plan == archive.plan()
        born = heard.until(events.Born)[-1].individuals
    assert born[0].origin.operator == "keep"
    with session_on(archive) as (session, heard):  # and when it is opened again
        session.breed(1, parents=[1])
        assert heard.until(events.Born)[0].individuals[0].origin.operator == "keep"


def test_looking_around_and_steering_make_and_paint_children() -> None:
    archive = MemoryArchive()
    with session_on(archive) as (session, heard):
        session.breed(1)
        session.look(0, angle=30)
        session.steer(0, start=0, end=1, angles=[10, 20])
        session.steer(0, start=0, end=0, angles=[10])
        assert [len(born.individuals) for born in heard.until(events.Born, 3)] == [1, 8, 2]
        assert "do not differ" in heard.until(events.Refused)[0].text
        heard.until(events.Painted, 11 - sum(isinstance(e, events.Painted) for e in heard.all))
    assert not archive.unpainted()


def test_a_plan_for_one_page_is_used_up_in_the_commit_that_saves_the_page() -> None:
    archive = MemoryArchive()
    with session_on(archive) as (session, heard):
        session.newcomers(2)
        session.plan(Plan(slots=("new",) * 3, once=True, step=9.0))
        session.breed(3, parents=[0], by_places=False)
        heard.until(events.Born, 2)
        assert archive.plan().once
        session.breed(3, parents=[0])
        (born,) = heard.until(events.Born)
        assert all(not individual.parents for individual in born.individuals)
        (commit,) = [rows for rows in archive.commits if born.individuals[0] in rows]
        assert commit == [*born.individuals, Plan(step=9.0)]
        session.breed(3, parents=[0])
        (born,) = heard.until(events.Born)
        assert all(individual.parents for individual in born.individuals)
