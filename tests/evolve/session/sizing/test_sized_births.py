"""The births of a brood: in order, and the same ones whatever happens meanwhile."""

import pytest
from broods import PAGE, Held, bred, digests, session_on, wait_for_births
from fakes import FakeRenderer, MemoryArchive, Tight

from evolve.rendering.protocol import Finished, RenderEvent, Stepped
from evolve.search.plan import Plan
from evolve.session import events
from evolve.session.archive import Judgement, Render


def test_children_are_born_in_the_order_of_their_ids_each_with_its_picture(
    archive: MemoryArchive,
) -> None:
    before = len(archive.commits)
    bred(archive)
    for commit in archive.commits[before:]:
        ids = [row.id for row in commit if hasattr(row, "genome")]
        sized = [i for i in ids if "size" in archive.individuals[i].origin.params]
        assert [row.individual for row in commit if isinstance(row, Render)][: len(sized)] == sized
    assert not [i for i in archive.unpainted() if "size" in archive.individuals[i].origin.params]
    assert archive.plan().brood is None


def test_a_page_that_was_killed_after_any_commit_goes_on_to_the_same_children(
    archive: MemoryArchive,
) -> None:
    whole = MemoryArchive(archive.commits)
    bred(whole)
    expected = digests(whole)
    assert len(whole.commits) > len(archive.commits) + 3
    for length in range(len(archive.commits) + 1, len(whole.commits)):
        resumed = MemoryArchive(whole.commits[:length])
        missing = 2 * PAGE - len(resumed.individuals)
        with session_on(resumed) as (_, heard):
            wait_for_births(heard, missing)
        assert digests(resumed) == expected


def test_a_page_that_learns_from_one_before_goes_on_to_the_same_children_too(
    archive: MemoryArchive,
) -> None:
    bred(archive, size=0.6)
    whole = MemoryArchive(archive.commits)
    bred(whole, parents=(2, 5))
    # A picture of the page before may still be on its way when the second is asked for.
    begun = next(
        length
        for length in range(len(archive.commits) + 1, len(whole.commits))
        if MemoryArchive(whole.commits[:length]).plan().brood is not None
    )
    for length in (begun, len(whole.commits) - 1):
        resumed = MemoryArchive(whole.commits[:length])
        missing = 3 * PAGE - len(resumed.individuals)
        with session_on(resumed) as (_, heard):
            wait_for_births(heard, missing)
        assert digests(resumed) == digests(whole)


class Backwards(FakeRenderer):
    """Finishes first what was asked for last."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        self.queue.reverse()
        happened = super().poll(timeout)
        self.queue.reverse()
        return happened


def test_who_is_born_does_not_depend_on_which_draft_is_finished_first(
    archive: MemoryArchive,
) -> None:
    other = MemoryArchive(archive.commits)
    bred(archive)
    with session_on(other, Backwards()) as (session, heard):
        session.breed(PAGE, size=0.4)
        wait_for_births(heard, PAGE)
    assert digests(other) == digests(archive)


def test_what_is_said_later_changes_neither_the_page_nor_the_one_asked_for_before_it(
    archive: MemoryArchive,
) -> None:
    other = MemoryArchive(archive.commits)
    with session_on(other) as (session, heard):
        session.breed(PAGE, size=0.4)
        wait_for_births(heard, PAGE)
        session.breed(6)
        wait_for_births(heard, 6)
    with session_on(archive) as (session, heard):
        session.breed(PAGE, size=0.4)
        session.breed(6)
        for i in (8, 9):  # saved at once, while the first page is still being found
            session.judge(Judgement(individual=i, kind="rate", value=5, page=0))
        session.plan(Plan(step=10.0))
        heard.until(events.Planned)
        assert archive.verdicts()[9].rating == 5
        wait_for_births(heard, PAGE + 6)
        session.breed(6)
        later = heard.until(events.Born)[0].individuals
    assert digests(archive)[: PAGE + 6] == digests(other)[: PAGE + 6]
    assert archive.plan().step == 10.0
    assert all(i.origin.params["step"] == 10.0 for i in later)


def test_what_is_decided_while_an_interrupted_page_waits_for_the_model_is_kept(
    archive: MemoryArchive,
) -> None:
    whole = MemoryArchive(archive.commits)
    bred(whole)
    resumed, renderer = MemoryArchive(whole.commits[: len(archive.commits) + 1]), Held()
    renderer.is_held = True
    with session_on(resumed, renderer) as (session, heard):
        session.plan(Plan(step=9.0))
        heard.until(events.Planned)
        renderer.is_held = False
        wait_for_births(heard, PAGE)
    assert resumed.plan() == Plan(step=9.0)
    assert digests(resumed) == digests(whole)


@pytest.mark.parametrize("asks", ["decides", "breeds"])
def test_what_is_asked_for_with_the_last_draft_comes_after_the_last_birth(
    archive: MemoryArchive, asks: str
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured

    class Asking(FakeRenderer):
        asked = 0

        def poll(self, timeout: float) -> list[RenderEvent]:
            happened = [e for e in super().poll(timeout) if not isinstance(e, Stepped)]
            if any(isinstance(event, Finished) and event.id < 0 for event in happened):
                self.asked += 1
                if asks == "decides":
                    session.plan(Plan(step=float(self.asked)))
                else:
                    session.newcomers(1)
            return happened

    renderer = Asking()
    with session_on(archive, renderer) as (session, heard):
        session.breed(2, parents=(2, 5), size=0.4)
        wait_for_births(heard, 2)
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
    if asks == "decides":
        assert archive.plan() == Plan(step=float(renderer.asked))
    else:
        assert len(archive.individuals) == PAGE + 2 + renderer.asked
    assert renderer.asked


def test_children_that_could_not_be_saved_are_saved_when_there_is_room(
    archive: MemoryArchive,
) -> None:
    full = Tight(archive.commits, times=3)
    bred(archive)
    with session_on(full) as (session, heard):
        session.breed(PAGE, size=0.4)
        wait_for_births(heard, PAGE)
    assert full.refused == 3
    assert digests(full) == digests(archive)
