"""Renderers at the other end of a line, and what becomes of jobs when one of them is lost."""

import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fakes import SHAPE, FakeRenderer, flat_picture
from lines import Cluster, CutLine

from evolve.errors import RenderError
from evolve.genome import Genome, Prompt
from evolve.rendering.painting import paint
from evolve.rendering.process import pool as pools
from evolve.rendering.process.pool import Pool
from evolve.rendering.protocol import (
    Broken,
    Failed,
    Finished,
    Job,
    Line,
    Lost,
    RenderEvent,
    Restarted,
    Stepped,
    Task,
)
from evolve.rendering.remote.host import Host, lean
from evolve.rendering.remote.remote_renderer import LostError, RemoteRenderer


def genomes(count: int) -> list[Genome]:
    noise = np.random.default_rng(1).standard_normal((count, *SHAPE)).astype(np.float16)
    return [Genome(noise=each, prompt=Prompt.parse("a")) for each in noise]


def pool_of(cluster: Cluster, places: int, *, mixed: bool = False) -> Pool:
    def put(place: int, like: Mapping[str, Any] | None) -> RemoteRenderer:
        return RemoteRenderer(partial(cluster.hire, place, like))

    return Pool([put(place, None) for place in range(places)], replace=put, mixed=mixed)


def wait_for(pool: Pool, is_so: Callable[[], bool]) -> list[RenderEvent]:
    heard: list[RenderEvent] = []
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline, heard
        heard += pool.poll(0.05)
    return heard


def test_a_renderer_elsewhere_paints_as_one_here() -> None:
    wanted = FakeRenderer().paint(genomes(9))
    with RemoteRenderer(partial(Cluster().hire, 0, None)) as renderer:
        painted = renderer.paint(genomes(9))  # asked before there is a line
    assert all(map(np.array_equal, painted, wanted))


def test_five_hundred_genomes_come_out_as_from_one_though_workers_are_lost_twice() -> None:
    asked, cluster = genomes(500), Cluster()
    jobs = [Job(i, genome) for i, genome in enumerate(asked)]
    with pool_of(cluster, 2) as pool:
        wait_for(pool, lambda: all(member.room for member in pool._members))
        cluster.lines[0].cut_after, cluster.lines[1].cut_after = 100, 300
        heard = list(paint(pool, jobs))
        wait_for(pool, lambda: len(cluster.lines) == 4)
    ended = [event for event in heard if isinstance(event, Finished)]
    assert sorted(event.id for event in ended) == list(range(500))  # each once
    assert not any(isinstance(event, Failed) for event in heard)
    assert all(np.array_equal(e.picture, flat_picture(asked[e.id])) for e in ended)
    notices = [event.reason for event in heard if isinstance(event, Restarted)]
    assert notices == ["a worker is lost, another is asked for: the cable was cut"] * 2
    # What was under way on those that were lost is all that was painted again.
    assert sum(cluster.finished.values()) - 500 <= 2 * 8


@pytest.mark.parametrize(
    "other", [{"rows": 6}, {"rows": 4, "manner": {"channels_last": True}}, {"manner": {}}, {}]
)
def test_one_that_chose_otherwise_starts_again_with_what_the_first_chose(
    other: Mapping[str, Any],
) -> None:
    cluster = Cluster([{"rows": 4, "manner": {"decode_rows": 2}}, other])
    with pool_of(cluster, 2) as pool:
        wait_for(pool, lambda: all(member.room for member in pool._members))
        first, second = (line.record for line in cluster.lines if not line.closed)
    assert first == second
    assert len(cluster.lines) == 3


def test_one_that_cannot_paint_as_the_first_is_not_started_again_and_again() -> None:
    class Stubborn(Cluster):
        def hire(self, place: int, like: Mapping[str, Any] | None) -> Line:
            return super().hire(place, None)

    cluster = Stubborn([{"rows": 4}, {"rows": 6}])
    with pool_of(cluster, 2) as pool:
        heard = wait_for(pool, lambda: not pool._members)
    refusal = next(event.error for event in heard if isinstance(event, Broken))
    assert "the workers differ (rows " in refusal
    assert len(cluster.lines) == 3


@pytest.mark.parametrize("mixed", [False, True])
def test_devices_of_different_kinds_are_refused_unless_asked_for(mixed: bool) -> None:
    cluster = Cluster([{"device": "A100", "rows": 4}, {"device": "H100", "rows": 4}])
    with pool_of(cluster, 2, mixed=mixed) as pool:
        heard = wait_for(pool, lambda: not pool._members or all(m.room for m in pool._members))
        refusals = [event.error for event in heard if isinstance(event, Broken)]
    if mixed:
        assert not refusals
    else:
        assert "the workers differ (device " in refusals[0]
        assert "or allow mixed workers" in refusals[0]


def test_a_job_that_each_of_its_workers_is_lost_with_fails_alone() -> None:
    class Poisoned(Cluster):
        def hire(self, place: int, like: Mapping[str, Any] | None) -> Line:
            line = super().hire(place, like)
            submit = line.submit

            def sent(jobs: list[Job]) -> None:
                if any(job.id == 3 for job in jobs):
                    line.cut_after = 0  # before it is there, since it may be painted at once
                submit(jobs)

            line.submit = sent  # type: ignore[method-assign]
            return line

    cluster = Poisoned([{"rows": 1}])
    with pool_of(cluster, 1) as pool:
        heard = list(paint(pool, [Job(i, genome) for i, genome in enumerate(genomes(3 + 1))]))
    failed = {event.id: event.error for event in heard if isinstance(event, Failed)}
    assert failed[3] == "5 workers were lost painting it: the cable was cut"
    assert {e.id for e in heard if isinstance(e, Finished)} >= {0, 1}


def test_when_no_worker_comes_back_the_run_is_ended_with_the_cure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cluster, over = Cluster(), threading.Event()

    def hire(*_: object) -> Line:
        over.wait(60)
        raise LostError("nobody came")

    with pool_of(cluster, 1) as pool:
        wait_for(pool, lambda: all(member.room for member in pool._members))
        monkeypatch.setattr(pools, "PATIENCE_S", 0.05)
        monkeypatch.setattr(cluster, "hire", hire)
        cluster.lines[0].cut_after = 0
        with pytest.raises(RenderError, match="there has been no worker for 0 minutes: see"):
            list(paint(pool, [Job(0, genomes(1)[0])]))
        over.set()


def test_what_cannot_be_helped_by_waiting_ends_a_place_at_once() -> None:
    def hire() -> Line:
        raise RenderError("no fancier there")

    with RemoteRenderer(hire) as renderer:
        assert renderer.poll(10) == [Broken("no fancier there")]


def test_a_lost_line_is_reported_once_and_is_over() -> None:
    def hire() -> Line:
        raise LostError("gone")

    with RemoteRenderer(hire) as renderer:
        assert renderer.poll(10) == [Lost("gone")]
        assert renderer.poll(0.01) == []
    assert renderer.poll(0.01) == []


def test_a_cluster_that_is_gone_is_reported_by_polling_and_by_nothing_else() -> None:
    class Gone(CutLine):
        def submit(self, jobs: Sequence[Task]) -> None:
            raise RenderError("the cluster is gone")

        def poll(self, timeout: float) -> list[RenderEvent]:
            asked.wait(10)
            raise RenderError("the cluster is gone")

    asked = threading.Event()
    with RemoteRenderer(lambda: Gone(Cluster(), {})) as renderer:
        while renderer._line is None:
            time.sleep(0.001)
        renderer.submit([Job(0, genomes(1)[0])])
        asked.set()
        assert renderer.poll(10) == [Broken("the cluster is gone")]


def test_the_network_is_spared_what_nobody_there_looks_at() -> None:
    preview = np.zeros((2, 2, 3), np.uint8)
    steps = [Stepped(1, 1, 8, preview), Stepped(1, 2, 8)]
    assert lean(steps) == [Stepped(1, 1, 8), Stepped(1, 2, 8)]  # each step counts


def test_a_host_is_woken_by_a_command_while_it_is_polled() -> None:
    host = Host(FakeRenderer)
    host.poll(0.0)
    host.submit([Job(0, genomes(1)[0])])
    assert any(isinstance(event, Finished) for event in host.poll(60))
    host.close()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_hosts_leave_no_file_open_whether_they_are_closed_or_forgotten() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for is_closed in (True, False) * 10:
        host = Host(FakeRenderer)
        host.submit([])
        host.poll(0.0)
        if is_closed:
            host.close()
        del host
    assert len(os.listdir("/proc/self/fd")) < before + 10
