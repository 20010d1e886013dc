"""A new prompt holds behind the children of a size that were asked for before it."""

from broods import PAGE, bred, session_on, wait_for_births
from fakes import FakeRenderer, MemoryArchive

from evolve.genome import Prompt
from evolve.rendering.protocol import RenderEvent
from evolve.search.plan import Plan
from evolve.session import events

OWL = Prompt.parse("an owl")


def test_children_of_a_size_are_born_before_the_prompt_holds_killed_or_not(
    archive: MemoryArchive,
) -> None:
    with session_on(archive) as (session, heard):
        session.breed(PAGE, size=0.4)
        session.plan(Plan(prompt=OWL))
        heard.until(events.Planned)
        wait_for_births(heard, PAGE)
        assert archive.plan() == session.search.plan == Plan(prompt=OWL, since=2 * PAGE)
    decided = next(
        length
        for length in range(len(archive.commits))
        if MemoryArchive(archive.commits[:length]).plan().prompt == OWL
    )
    assert decided < len(archive.commits) - 2
    for length in range(decided, len(archive.commits)):
        resumed = MemoryArchive(archive.commits[:length])
        assert resumed.plan().since == len(resumed.individuals)
        missing = 2 * PAGE - len(resumed.individuals)
        with session_on(resumed) as (_, heard):
            wait_for_births(heard, missing)
        assert resumed.plan() == archive.plan()


def test_a_prompt_holds_behind_those_that_were_born_before_painting_was_stopped(
    archive: MemoryArchive,
) -> None:
    class Stopped(FakeRenderer):
        """Paints nothing more once it has painted some."""

        def poll(self, timeout: float) -> list[RenderEvent]:
            return [] if len(self.painted) >= 14 else super().poll(timeout)

    bred(MemoryArchive(archive.commits))  # so that the model is measured
    with session_on(archive, Stopped()) as (session, heard):
        session.breed(PAGE, size=0.4)
        session.breed(4)
        session.plan(Plan(prompt=OWL))  # is to be learnt after those four
        heard.until(events.Born)
        session.cancel()
        heard.until(events.Refused, 2)
        session.newcomers(1)
        wait_for_births(heard, 1)
        (owl,) = [one for one in archive.individuals if one.genome.prompt == OWL]
        assert PAGE < owl.id < 2 * PAGE
        assert archive.plan() == session.search.plan == Plan(prompt=OWL, since=owl.id)
