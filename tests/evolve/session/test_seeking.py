"""Places are sought beside painting: one at a time, the latest counts."""

from collections.abc import Sequence

import numpy as np
from fakes import FakeRenderer
from sittings import session_with

from evolve.genome import Prompt
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings
from evolve.rendering.protocol import Broken, Job, Locate, RenderEvent, Task
from evolve.session import events


def words(thing: str = "a hat") -> Phrasings:
    return phrasings(Prompt.parse("a"), WordChange(add=thing))


class Slow(FakeRenderer):
    """Finds nothing before it is allowed to."""

    may_find = False

    def poll(self, timeout: float) -> list[RenderEvent]:
        if not self.may_find and self.queue and isinstance(self.queue[0], Locate):
            return []
        return super().poll(timeout)


def test_a_place_is_found_from_what_the_picture_came_to() -> None:
    with session_with(4, FakeRenderer()) as (session, heard):
        said = words()
        number = session.locate(2, said)
        (found,) = heard.until(events.PlaceFound)
        genome = session.archive.genome(2)
    assert (found.individual, found.phrasings, found.located.cost) == (2, said, 1.5)
    assert found.request == number
    expected = np.abs(genome.noise.astype(np.float32)).sum(0)
    np.testing.assert_array_equal(found.located.difference, expected)
    assert not [e for e in heard.all if isinstance(e, events.Stepped) and e.id < 0]


def test_a_picture_whose_latent_is_not_known_is_painted_again_but_not_saved_again() -> None:
    renderer = FakeRenderer()
    with session_with(4, renderer) as (session, heard):
        session._latents.clear()
        commits = len(session.archive.commits)  # type: ignore[attr-defined]
        session.locate(1, words())
        heard.until(events.PlaceFound)
        assert renderer.painted == [0, 1, 2, 3, 1]
        assert len(session.archive.commits) == commits  # type: ignore[attr-defined]


def test_the_latest_place_is_sought_and_an_earlier_one_given_up_in_silence() -> None:
    renderer = Slow()
    with session_with(4, renderer) as (session, heard):
        session.locate(1, words("a hat"))
        session.locate(2, words("glasses"))
        session.note(0, "asked for after both")
        heard.until(events.Noted)
        renderer.may_find = True
        (found,) = heard.until(events.PlaceFound)
        assert found.individual == 2
        assert [id < 0 for id in renderer.cancelled] == [True]
    assert not [e for e in heard.all if isinstance(e, events.Refused)]


def test_an_earlier_place_is_given_up_also_while_its_picture_is_painted_again() -> None:
    renderer = Slow()
    with session_with(4, renderer) as (session, heard):
        session._latents.pop(1)
        submit, held = renderer.submit, list[Task]()
        renderer.submit = held.extend  # type: ignore[method-assign]
        session.locate(1, words())
        session.locate(2, words())
        session.note(0, "asked for after both")
        heard.until(events.Noted)
        renderer.may_find = True
        submit(held)
        (found,) = heard.until(events.PlaceFound)
        session.note(0, "once more")
        heard.until(events.Noted)
    assert found.individual == 2
    assert not [e for e in heard.all if isinstance(e, events.PlaceFound) and e.individual == 1]


def test_stopping_gives_up_the_place_and_says_so() -> None:
    with session_with(4, Slow()) as (session, heard):
        number = session.locate(1, words())
        session.cancel()
        (refused,) = heard.until(events.Refused)
    reason = "painting was stopped before the place was found"
    assert refused == events.Refused(reason, "place", number)


def test_a_place_that_cannot_be_found_is_refused_with_the_reason() -> None:
    class Blind(FakeRenderer):
        """Does not find the first place."""

        def submit(self, jobs: Sequence[Task]) -> None:
            if not self.poison:
                self.poison.update(job.id for job in jobs if isinstance(job, Locate))
            super().submit(jobs)

    with session_with(4, Blind()) as (session, heard):
        number = session.locate(1, words())
        assert heard.until(events.Refused) == [events.Refused("poison", "place", number)]
        session.locate(1, words())
        heard.until(events.PlaceFound)


def test_with_a_broken_renderer_no_place_is_sought() -> None:
    renderer = FakeRenderer()
    with session_with(4, renderer) as (session, heard):
        renderer._pending.append(Broken("out of order"))
        assert heard.until(events.Notice) == [events.Notice("out of order")]
        number = session.locate(1, words())
        assert heard.until(events.Refused) == [events.Refused("out of order", "place", number)]
        assert not [job for job in renderer.queue if not isinstance(job, Job)]


def test_a_place_that_is_given_up_stops_no_painting_and_is_no_refusal() -> None:
    renderer = Slow()
    with session_with(4, renderer) as (session, heard):
        session.locate(1, words())
        session.breed(2, parents=[0])
        session.stop_locating()
        session.note(0, "asked for after that")
        heard.until(events.Noted)
        renderer.may_find = True
        assert [event.id for event in heard.until(events.Painted, 2)] == [4, 5]
    assert not [e for e in heard.all if isinstance(e, events.Refused | events.PlaceFound)]


def test_that_painting_has_stopped_is_said_behind_what_was_born_before() -> None:
    with session_with(4, FakeRenderer()) as (session, heard):
        session.breed(2, parents=[0])
        session.cancel()
        heard.until(events.PaintingStopped)
        kinds = [type(event) for event in heard.all]
    assert kinds.index(events.PaintingStopped) > len(kinds) - kinds[::-1].index(events.Born) - 1
