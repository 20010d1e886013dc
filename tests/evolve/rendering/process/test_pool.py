"""Several renderer processes side by side, as one renderer."""

import contextlib
from collections.abc import Callable, Iterator

import children
import pytest
from fakes import FakeRenderer
from polling import GENOME, ended, jobs, painted, told, until
from unstarted import Unstarted

from evolve.rendering.process import starting
from evolve.rendering.process.pool import Pool
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.process.starting import load_renderer
from evolve.rendering.process.worker import Assignment
from evolve.rendering.protocol import (
    Broken,
    Drafted,
    Failed,
    Finished,
    Job,
    Ready,
    RenderEvent,
    Restarted,
    Stepped,
)


@pytest.fixture
def start() -> Iterator[Callable[..., Pool]]:
    with contextlib.ExitStack() as stack:

        def go(*models: str) -> Pool:
            pool = Pool(
                [ProcessRenderer(Assignment(model=m), target=children.serve) for m in models]
            )
            stack.callback(pool.close)
            return pool

        yield go


def test_jobs_are_shared_and_each_is_painted_once(start: Callable[..., Pool]) -> None:
    pool = start("fine", "fine")
    heard = until(pool, lambda heard: all(member.room for member in pool._members))
    pool.submit(jobs(6))
    assert all(member.jobs for member in pool._members)
    heard += until(pool, ended(6))
    assert sorted(painted(heard)) == list(range(6))
    assert sum(isinstance(e, Ready) for e in heard) == 1
    assert pool.poll(0.1) == []


def test_each_has_a_second_forward_waiting(start: Callable[..., Pool]) -> None:
    pool = start("fine")
    until(pool, lambda heard: any(member.room for member in pool._members))
    pool.submit(jobs(10))
    assert [len(member.jobs) for member in pool._members] == [6]  # of three rows each
    assert sorted(painted(until(pool, ended(10)))) == list(range(10))


class Late(FakeRenderer):
    def cancel(self, ids: object) -> None:
        """Hear of it too late."""


def test_nothing_is_heard_of_what_was_cancelled_though_one_far_away_paints_it() -> None:
    pool = Pool([Late()])
    until(pool, lambda heard: bool(heard))
    pool.submit(jobs(2))
    pool.cancel([0])
    heard = until(pool, ended(1))
    assert {event.id for event in heard if isinstance(event, Stepped | Finished)} == {1}
    assert pool.poll(0.0) == []


def test_a_draft_that_was_on_its_way_when_the_picture_was_wanted_is_not_the_answer() -> None:
    class Far(FakeRenderer):
        held: tuple[RenderEvent, ...] = ()

        def poll(self, timeout: float) -> list[RenderEvent]:
            come, self.held = self.held, tuple(super().poll(timeout))
            return [*come]

    pool = Pool([Far()])
    until(pool, lambda heard: bool(heard))
    pool.submit([Job(0, GENOME, until=2)])
    assert pool.poll(0.0) == []
    pool.cancel([0])
    pool.submit([Job(0, GENOME)])
    heard = until(pool, ended(1))
    assert not [event for event in heard if isinstance(event, Drafted)]


def test_what_was_cancelled_on_one_and_given_to_another_is_heard_of_from_that_one() -> None:
    late, patient = Late(), FakeRenderer(waits=True)
    pool = Pool([late, patient])
    until(pool, lambda heard: all(member.room for member in pool._members))
    pool.submit(jobs(1))
    pool.cancel([0])
    pool.submit([Job(1, GENOME), Job(0, GENOME)])
    assert patient.queue == [Job(0, GENOME)]
    assert painted(until(pool, ended(1))) == [1]
    patient.waits = False
    assert painted(until(pool, ended(1))) == [0]
    assert not any(member.jobs for member in pool._members)


def test_one_that_dies_does_not_disturb_the_other(start: Callable[..., Pool]) -> None:
    pool = start("fine", "dies-on-even")
    until(pool, lambda heard: all(member.room for member in pool._members))
    pool.submit(jobs(8))
    heard = until(pool, ended(8))
    failed = [e.id for e in heard if isinstance(e, Failed)]
    assert sorted(painted(heard) + failed) == list(range(8))
    assert set(failed) <= {0, 2, 4, 6}


def test_what_one_that_gives_up_had_to_do_is_done_by_the_others(start: Callable[..., Pool]) -> None:
    pool = start("broken", "fine")
    pool.submit(jobs(4))
    heard = until(pool, told(Restarted))
    heard += until(pool, ended(4 - len(painted(heard))))
    assert sorted(painted(heard)) == [0, 1, 2, 3]
    (notice,) = [e for e in heard if isinstance(e, Restarted)]
    assert notice.reason.endswith("others go on: the model is broken")


def test_when_all_give_up_it_is_told(start: Callable[..., Pool]) -> None:
    pool = start("broken", "broken")
    pool.submit(jobs(2))
    heard = until(pool, told(Broken))
    assert heard[-1] == Broken("the model is broken")
    assert pool.poll(0.0) == []


def test_all_processes_end_with_the_pool(start: Callable[..., Pool]) -> None:
    pool = start("fine", "fine")
    processes = [member.renderer._process for member in pool._members]
    pool.close()
    assert not any(process.is_alive() for process in processes)


@pytest.fixture
def unstarted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "ProcessRenderer", Unstarted)


@pytest.mark.usefixtures("unstarted")
def test_several_devices_mean_several_processes() -> None:
    with load_renderer("portraits", environ={"FANCIER_DEVICE": "cpu, cpu"}) as renderer:
        assert isinstance(renderer, Pool)
        assert [m.renderer._assignment.device for m in renderer._members] == ["cpu", "cpu"]
    with load_renderer("portraits", environ={}) as renderer:
        assert isinstance(renderer, ProcessRenderer)
        assert not renderer._assignment.compiles


@pytest.mark.usefixtures("unstarted")
@pytest.mark.parametrize(("said", "compiles"), [("1", True), ("0", False), ("", False)])
def test_the_environment_says_whether_the_denoiser_is_compiled(said: str, compiles: bool) -> None:
    with load_renderer("portraits", environ={"FANCIER_COMPILE": said}) as renderer:
        assert isinstance(renderer, ProcessRenderer)
        assert renderer._assignment.compiles == compiles


def test_any_renderer_can_be_a_member_also_one_that_nothing_can_be_waited_for() -> None:
    silent = [FakeRenderer(), FakeRenderer()]
    pool = Pool(silent)
    assert pool.waitables == []
    until(pool, lambda heard: all(member.room for member in pool._members))
    pool.submit(jobs(4))
    assert sorted(painted(until(pool, ended(4)))) == [0, 1, 2, 3]
    assert all(renderer.painted for renderer in silent)
    pool.close()
    assert [renderer.closed for renderer in silent] == [1, 1]


def test_a_silent_renderer_is_heard_beside_a_process(start: Callable[..., Pool]) -> None:
    process = ProcessRenderer(Assignment(model="fine"), target=children.serve)
    with Pool([process, FakeRenderer()]) as pool:
        until(pool, lambda heard: all(member.room for member in pool._members))
        pool.submit(jobs(6))
        assert all(member.jobs for member in pool._members)
        assert sorted(painted(until(pool, ended(6)))) == list(range(6))


def test_a_draft_goes_on_where_it_was_painted() -> None:
    members = [FakeRenderer(), FakeRenderer()]
    with Pool(members) as pool:
        pool.submit([Job(i, GENOME, until=2) for i in range(4)])
        until(pool, lambda heard: sum(isinstance(e, Drafted) for e in heard) == 4)
        where = {i: member for member in members for i in member.drafted}
        assert all(member.drafted for member in members)
        pool.submit(jobs(4)[::-1])
        assert sorted(painted(until(pool, ended(4)))) == [0, 1, 2, 3]
        assert all(i in member.painted for i, member in where.items())
