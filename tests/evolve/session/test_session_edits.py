"""Edits in a session: parents are painted again where what they came to is no longer known."""

from dataclasses import replace

import numpy as np
import pytest
from fakes import SHAPE, FakeRenderer, MemoryArchive
from sittings import painted, search_on, session_on, session_with

from evolve.rendering.protocol import Finished, RenderEvent, Stepped
from evolve.search.edits import PaintedPlace
from evolve.session import events
from evolve.session.archive import Judgement, Render

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
    archive = MemoryArchive()
    archive.append(search_on(archive).ask(1))
    renderer = FakeRenderer(poison=[0], waits=True)
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
