from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from fakes import SHAPE, FakeRenderer, MemoryArchive
from sittings import painted, search_on, session_on, session_with

from evolve.errors import ArchiveError
from evolve.genome import Genome, Prompt
from evolve.models.words.phrasing import Phrasings
from evolve.rendering.protocol import (
    Broken,
    Fetching,
    Finished,
    Job,
    Measuring,
    RenderEvent,
    Restarted,
    Stepped,
)
from evolve.search.edits import PaintedPlace
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Judgement, Picture, Render, Row


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


def test_an_impossible_request_is_refused_and_the_session_goes_on() -> None:
    with session_on(MemoryArchive()) as (session, heard):
        session.breed(2, parents=[77])
        assert "there is no individual 77" in heard.until(events.Refused)[0].text
        session.breed(2)
        heard.until(events.Painted, 2)


class Damaged(MemoryArchive):
    """Cannot read the genome of the first individual once it is painted."""

    def genome(self, individual: int) -> Genome:
        if individual == 0 and 0 in self.pictures:
            raise ArchiveError("the genome of individual 0 is altered")
        return super().genome(individual)


@pytest.mark.parametrize("what", ["breed", "weigh", "locate"])
def test_what_cannot_be_read_is_refused_and_the_session_goes_on(what: str) -> None:
    phrasings = Phrasings(*(Prompt.parse(text) for text in "abc"))
    with session_with(2, archive=Damaged()) as (session, heard):
        if what == "breed":
            session.breed(2, parents=[0])
        elif what == "weigh":
            session.weigh(0)
        else:
            session.locate(0, phrasings)
        assert "individual 0 is altered" in heard.until(events.Refused)[0].text
        session.breed(2, parents=[1])
        heard.until(events.Painted, 2)


class Spoilt(MemoryArchive):
    """Cannot read the picture of the first individual once it is painted."""

    def picture(self, individual: int) -> Picture | None:
        if individual == 0 and 0 in self.pictures:
            raise ArchiveError("the picture of individual 0 is altered")
        return super().picture(individual)


@pytest.mark.parametrize("what", ["drop", "locate"])
def test_a_damaged_picture_is_no_reason_to_end(what: str) -> None:
    archive = painted(2, Spoilt())
    with session_on(archive) as (session, heard):  # which knows no latents yet
        if what == "drop":
            session.drop([0])
        else:
            session.locate(0, Phrasings(*(Prompt.parse(text) for text in "abc")))
            heard.until(events.PlaceFound)
        session.breed(2, parents=[1])
        heard.until(events.Painted, 2)
    assert archive.failed() == {}


def test_a_place_in_a_picture_that_cannot_be_painted_again_is_refused() -> None:
    archive = painted(1, Damaged())
    phrasings = Phrasings(*(Prompt.parse(text) for text in "abc"))
    with session_on(archive) as (session, heard):
        session.locate(0, phrasings)
        assert heard.until(events.Refused) == [
            events.Refused("the genome of individual 0 is altered", "place")
        ]


def test_a_failed_picture_can_be_painted_again() -> None:
    archive, renderer = MemoryArchive(), FakeRenderer(poison=[1])
    with session_on(archive, renderer) as (session, heard):
        session.breed(2)
        assert heard.until(events.PaintingFailed)[0] == events.PaintingFailed(1, "poison")
        renderer.poison.clear()
        session.paint([1])
        assert heard.until(events.Painted)[-1].id == 1
    assert not archive.failed()


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
        patience = True

        def poll(self, timeout: float) -> list:
            return [] if self.patience else super().poll(timeout)

        def cancel(self, ids: Sequence[int]) -> None:
            super().cancel(ids)
            self.patience = False

    archive, renderer = MemoryArchive(), Patient()
    with session_on(archive, renderer) as (session, heard):
        session.breed(3)
        heard.until(events.Born)
        session.cancel()
        session.paint([1])
        assert heard.until(events.Painted)[0].id == 1
    assert archive.unpainted() == [0, 2]


def test_without_a_renderer_pictures_can_still_be_judged() -> None:
    class Gone(FakeRenderer):
        def poll(self, timeout: float) -> list:
            return [Broken("no memory for the model")] if self.queue and not self.closed else []

        def submit(self, jobs: Sequence[Job]) -> None:
            self.queue = list(jobs)

    archive = MemoryArchive()
    with session_on(archive, Gone()) as (session, heard):
        session.breed(2)
        failed = heard.until(events.PaintingFailed, 2)
        assert [f.error for f in failed] == ["no memory for the model"] * 2
        session.judge(Judgement(individual=1, kind="rate", value=4, page=0))
        heard.until(events.Judged)
    assert archive.verdicts()[1].rating == 4
    assert archive.unpainted() == [0, 1]


def test_a_store_that_cannot_save_ends_the_session_with_its_reason() -> None:
    class Full(MemoryArchive):
        def append(self, rows: Sequence[Row]) -> None:
            raise ArchiveError("no space left on the disk")

    with session_on(Full()) as (session, heard):
        session.breed(2)
        assert heard.until(events.Stopped)[0].error == "no space left on the disk"


def test_a_bug_ends_the_session_with_a_report_instead_of_silence() -> None:
    class Buggy(FakeRenderer):
        def poll(self, timeout: float) -> list:
            raise KeyError("surprise")

    with session_on(MemoryArchive(), Buggy()) as (_, heard):
        assert "surprise" in heard.until(events.Stopped)[0].error


@pytest.mark.parametrize("times", [1, 2])
def test_closing_twice_is_harmless(times: int) -> None:
    with session_on(MemoryArchive()) as (session, _):
        for _ in range(times):
            session.close()


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


PLACE = np.zeros(SHAPE[1:], np.bool_)
PLACE[1:3, 1:3] = True


def test_a_region_is_painted_anew_from_what_the_parent_came_to() -> None:
    archive, renderer = MemoryArchive(), FakeRenderer()
    with session_with(1, renderer, archive=archive) as (session, heard):
        session.alter(0, PaintedPlace(mask=PLACE), 2)
        born = heard.until(events.Born)[0].individuals
        heard.until(events.Painted, 2)
    assert [i.id for i in born] == [1, 2]
    assert born[0].genome.edit is not None
    assert (born[0].genome.edit.base.latent == archive.genome(0).noise).all()
    assert (born[0].genome.edit.base.picture == archive.picture(0)).all()
    assert renderer.painted == [0, 1, 2]


def test_a_parent_painted_earlier_is_painted_once_more_and_nothing_is_saved_of_it() -> None:
    archive = painted(1)
    renderer = FakeRenderer()
    with session_on(archive, renderer) as (session, heard):
        session.alter(0, PaintedPlace(mask=PLACE), 1)
        session.alter(0, PaintedPlace(mask=np.zeros_like(PLACE)), 1)
        assert "the place is empty" in heard.until(events.Refused)[0].text
        heard.until(events.Born)
        assert [e.id for e in heard.until(events.Painted)] == [1]
    assert renderer.painted == [0, 1]
    assert sum(isinstance(row, Render) for commit in archive.commits for row in commit) == 2


def test_a_region_that_cannot_be_painted_is_refused_and_the_parent_keeps_its_picture() -> None:
    archive = painted(1)
    with session_on(archive, FakeRenderer(poison=[0])) as (session, heard):
        session.alter(0, PaintedPlace(mask=PLACE), 1)
        assert heard.until(events.Refused)[0].text == "poison"
    assert not archive.failed()


def test_a_picture_that_something_waits_for_and_that_cannot_be_painted_is_said_to_have_failed() -> (
    None
):
    class Late(FakeRenderer):
        waits = True

        def poll(self, timeout: float) -> list[RenderEvent]:
            return [] if self.waits else super().poll(timeout)

    archive = MemoryArchive()
    archive.append(search_on(archive).ask(1))
    renderer = Late(poison=[0])
    with session_on(archive, renderer) as (session, heard):
        session.alter(0, PaintedPlace(mask=PLACE), 1)
        session.note(0, "in its turn")
        heard.until(events.Noted)
        renderer.waits = False
        heard.until(events.PaintingFailed)
    assert archive.failed() == {0: "poison"}
    assert sum(isinstance(event, events.Refused) for event in heard.all) == 1


@pytest.mark.parametrize("then", [events.PaintingStopped, events.Switched])
def test_what_waited_for_a_picture_is_bred_before_what_is_asked_for_when_it_is_there(
    then: type[events.Event],
) -> None:
    class Interrupted(FakeRenderer):
        def poll(self, timeout: float) -> list[RenderEvent]:
            if self.queue and not self.painted:
                if then is events.Switched:
                    session.go_on_in(MemoryArchive(archive.commits[:1]), "other")
                else:
                    session.cancel()
            return [event for event in super().poll(timeout) if not isinstance(event, Stepped)]

    archive = painted(1)
    with session_on(archive, Interrupted()) as (session, heard):
        session.alter(0, PaintedPlace(mask=PLACE), 1)
        heard.until(then)
        assert [type(event) for event in heard.all if isinstance(event, events.Born | then)] == [
            events.Born,
            then,
        ]
    assert [one.parents for one in archive.individuals] == [(), (0,)]


def test_children_of_an_edit_start_from_it_after_it_was_painted_once_more() -> None:
    archive = MemoryArchive()
    with session_with(1, archive=archive) as (session, heard):
        session.alter(0, PaintedPlace(mask=PLACE), 1)
        heard.until(events.Painted)
    renderer = FakeRenderer()
    with session_on(archive, renderer) as (session, heard):
        session.breed(2, parents=[1])
        session.judge(Judgement(individual=0, kind="rate", value=4))  # does not wait for it
        heard.until(events.Judged)
        born = heard.until(events.Born)[0].individuals
        heard.until(events.Painted, 2)
    assert renderer.painted == [1, 2, 3]
    for child in born:
        assert child.genome.edit is not None
        assert child.genome.edit.mask is None
        assert (child.genome.edit.base.picture == archive.picture(1)).all()


class Secretive(FakeRenderer):
    """Reports pictures without their latents."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [
            replace(event, latent=None) if isinstance(event, Finished) else event
            for event in super().poll(timeout)
        ]


def test_what_cannot_be_started_from_is_refused_and_not_painted_for_ever() -> None:
    archive, renderer = MemoryArchive(), Secretive()
    with session_with(1, renderer, archive=archive) as (session, heard):
        session.alter(0, PaintedPlace(mask=PLACE), 1)
        assert "nothing can start from it" in heard.until(events.Refused)[0].text
    assert renderer.painted == [0, 0]


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
