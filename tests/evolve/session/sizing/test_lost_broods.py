"""Broods of which drafts fail, that are stopped or left, or that make no sense."""

from collections.abc import Sequence
from typing import Any

import pytest
from broods import PAGE, bred, digests, search_on, session_on, wait_for_births
from fakes import FakeRenderer, Illegible, MemoryArchive
from heard import Heard

from evolve.errors import ArchiveError, GenomeError
from evolve.genome import Genome
from evolve.rendering.protocol import Broken, RenderEvent, Task
from evolve.search import Search
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.search.sized import conceiving
from evolve.session import events
from evolve.session.archive import Judgement
from evolve.session.session import Session


class FailingLater(FakeRenderer):
    """Cannot paint what it is asked for after the first few."""

    def __init__(self, first: int) -> None:
        super().__init__()
        self.asked, self.first = 0, first

    def submit(self, jobs: Sequence[Task]) -> None:
        self.poison |= {job.id for k, job in enumerate(jobs, self.asked) if k >= self.first}
        self.asked += len(jobs)
        super().submit(jobs)


@pytest.mark.parametrize("way", ["page", "line"])
@pytest.mark.parametrize("fails", ["first drafts", "second drafts"])
def test_a_draft_that_fails_is_the_last_of_its_child_and_the_others_are_born(
    archive: MemoryArchive, way: str, fails: str
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured
    count = PAGE if way == "page" else 8
    renderer = FailingLater(0 if fails == "first drafts" else count)
    with session_on(archive, renderer) as (session, heard):
        if way == "page":
            session.breed(PAGE, size=0.1, parents=(2, 5))
        else:
            session.look(2, size=0.3)
        wait_for_births(heard, count)
    born = archive.individuals[PAGE:]
    painted = [i for i in born if archive.picture(i.id) is not None]
    assert archive.failed() == {i.id: "poison" for i in born if i not in painted}
    assert bool(painted) == (fails == "second drafts")
    again = [i for i in painted if i.origin.params.get("drafts") == 2]
    alone = [i for i in again if "missed" not in i.origin.params]  # the first one is the child
    assert bool(alone) == bool(painted)
    assert archive.plan().brood is None


class Slow(FakeRenderer):
    """Paints nothing more for a while once it has painted some."""

    until = 14

    def poll(self, timeout: float) -> list[RenderEvent]:
        return [] if len(self.painted) >= self.until else super().poll(timeout)


def test_painting_that_is_stopped_leaves_the_rest_of_a_page_unborn(
    archive: MemoryArchive,
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured
    with session_on(archive, Slow()) as (session, heard):
        brood = session.breed(PAGE, size=0.4)
        assert heard.until(events.Born)[0].request == brood
        page = session.breed(4, parents=(2,))  # what waits for the page is not bred either
        session.cancel()
        refused = heard.until(events.Refused, 2)
        assert all("stopped" in each.text for each in refused)
        assert [each.request for each in refused] == [brood, page]
        session.judge(Judgement(individual=0, kind="rate", value=3, page=0))
        heard.until(events.Judged)
    assert PAGE < len(archive.individuals) < 2 * PAGE
    assert {i.generation for i in archive.individuals} == {0, 1}
    with session_on(archive) as (session, heard):
        session.breed(4, parents=(2,))
        wait_for_births(heard, 4)
    assert archive.plan().brood is None
    born = len(archive.individuals)
    with session_on(archive) as (session, heard):
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
    assert len(archive.individuals) == born


def test_a_page_that_is_left_for_another_branch_leaves_its_plan_in_its_own(
    archive: MemoryArchive,
) -> None:
    bred(MemoryArchive(archive.commits))  # so that the model is measured
    other = MemoryArchive(archive.commits)
    other.append([Plan(step=7.0)])
    with session_on(archive, Slow()) as (session, heard):
        session.breed(PAGE, size=0.4)
        heard.until(events.Born)
        session.breed(4)
        session.plan(Plan(step=9.0))  # is to be learnt after those four
        session.go_on_in(other, "other")
        heard.until(events.Switched)
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
    assert archive.plan() == Plan(step=9.0)
    assert other.plan() == session.search.plan == Plan(step=7.0)


def test_a_renderer_that_cannot_work_leaves_the_page_for_the_next_start(
    archive: MemoryArchive,
) -> None:
    class Breaking(FakeRenderer):
        def poll(self, timeout: float) -> list[RenderEvent]:
            if len(self.painted) > 14:
                return [Broken("no device")]
            return super().poll(timeout)

    whole = MemoryArchive(archive.commits)
    bred(whole)
    with session_on(archive, Breaking()) as (session, heard):
        number = session.breed(PAGE, size=0.4)
        assert heard.until(events.Refused) == [events.Refused("no device", request=number)]
        session.plan(Plan(step=9.0))
        heard.until(events.Planned)

    def fails() -> FakeRenderer:
        session.plan(Plan(step=8.0))
        raise ArchiveError("no model")

    session, heard = Session(archive, search_on(archive), fails), Heard()
    session.start(heard.queue.put)
    assert heard.until(events.Stopped)[0].error == "no model"
    assert archive.plan() == Plan(step=8.0)
    with session_on(archive) as (_, heard):
        wait_for_births(heard, 2 * PAGE - len(archive.individuals))
    assert digests(archive) == digests(whole)


@pytest.mark.parametrize(
    "change",
    [
        {"pool": [99]},
        {"children": [["mutate", 99, 0.4]] * PAGE},
        {"children": [["mutate", 2, 40.0]] * PAGE},
        {"children": [["mutate", 2, 1e-5]] * PAGE},
        {"pool": []},
        {"how": "look"},
        {"pictures": [-1]},
        {"children": [["cross_slerp", 2, 0.4]] * PAGE},  # of one parent
        {"how": "steer", "pool": [2, 5, 7]},
        {"generation": 10**12},
        {"generation": -1},
    ],
)
def test_a_page_that_makes_no_sense_is_not_gone_on_with(
    archive: MemoryArchive, change: dict[str, Any]
) -> None:
    bred(whole := MemoryArchive(archive.commits), parents=(2,))
    laid = whole.commits[len(archive.commits)][0]
    assert isinstance(laid, Plan)
    assert laid.brood is not None
    data = laid.to_json()
    archive.append([Plan.from_json({**data, "brood": {**data["brood"], **change}})])
    with session_on(archive) as (session, heard):
        session.breed(2, parents=(2,))
        wait_for_births(heard, 2)
    assert ["step" in each.origin.params for each in archive.individuals[PAGE:]] == [True, True]


@pytest.mark.parametrize("meanwhile", ["newcomers", "a page", "a page of that size"])
def test_a_page_is_not_gone_on_with_where_something_else_was_bred_meanwhile(
    archive: MemoryArchive, meanwhile: str
) -> None:
    bred(whole := MemoryArchive(archive.commits), parents=(2,))
    archive.append(whole.commits[len(archive.commits)])
    other = search_on(archive)
    if meanwhile == "newcomers":
        archive.append(other.newcomers(4))
    elif meanwhile == "a page":
        archive.append(other.ask(4, parents=(2,)))
    else:
        archive.append(of_size(other, 4, parents=(5,)))
    with session_on(archive) as (session, heard):
        session.breed(2, parents=(2,))
        wait_for_births(heard, 2)
    pages = [i.generation for i in archive.individuals[PAGE:]]
    assert pages == [1] * 4 + [2] * 2


def test_a_page_of_which_a_child_is_damaged_is_not_gone_on_with(archive: MemoryArchive) -> None:
    bred(whole := MemoryArchive(archive.commits))
    while len(archive.individuals) < PAGE + 3:
        archive.append(whole.commits[len(archive.commits)])
    assert archive.plan().brood is not None
    illegible = Illegible(PAGE + 1, archive.commits)
    with session_on(illegible) as (session, heard):
        session.newcomers(1)
        wait_for_births(heard, 1)
    assert illegible.individuals[-1].origin.operator == "found"


def of_size(search: Search, count: int, parents: Sequence[int]) -> list[Individual]:
    brood = conceiving.page(search, count, parents, 0.4, by_places=True)
    return [conceiving.Conceiving(search, brood).child(place, 0.5) for place in range(count)]


def test_a_newcomer_that_cannot_be_made_leaves_the_page_unborn_and_is_no_reason_to_end(
    archive: MemoryArchive,
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise GenomeError("the operator 'odd' failed")

    with session_on(archive) as (session, heard):
        session.plan(Plan(slots=("new",)))
        session.search.child = fails  # type: ignore[method-assign, assignment]
        session.breed(2, parents=(2,), size=0.4)
        assert heard.until(events.Refused)[0].text == "the operator 'odd' failed"
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
    assert archive.plan() == Plan(slots=("new",))
    assert archive.plan().brood is None


def test_a_parent_that_cannot_be_read_is_no_reason_to_end(archive: MemoryArchive) -> None:
    def damaged(individual: int) -> Genome:
        raise ArchiveError("the genome is altered")

    with session_on(archive) as (session, heard):
        session.search._genome_of = damaged
        session.breed(PAGE, parents=(2,), size=0.4)
        assert heard.until(events.Refused)[0].text == "the genome is altered"
        session.judge(Judgement(individual=0, kind="pin", value=1))
        heard.until(events.Judged)
