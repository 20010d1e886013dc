import contextlib
import io
import os
import signal
import subprocess
import sys
import time
from multiprocessing import resource_tracker
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import children
import pytest
from places import PYTHONPATH
from polling import GENOME, ended, jobs, painted, told, until
from stand_in_children import Child

from evolve.rendering.process import exit_codes, renderer_process
from evolve.rendering.process.renderer_process import PATIENCE, ProcessRenderer
from evolve.rendering.process.worker import Assignment
from evolve.rendering.protocol import (
    Broken,
    Ended,
    Failed,
    Finished,
    Job,
    Ready,
    Restarted,
    Stepped,
)


@pytest.fixture
def two_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer deaths, each of which starts another process."""
    monkeypatch.setattr(renderer_process, "TRIES", 2)


@pytest.fixture
def start():
    with contextlib.ExitStack() as stack:

        def go(model: str, **options: float) -> ProcessRenderer:
            renderer = ProcessRenderer(Assignment(model=model), target=children.serve, **options)
            stack.callback(renderer.close)
            return renderer

        yield go


def test_jobs_are_painted_in_a_process_of_its_own(start) -> None:
    renderer = start("fine")
    renderer.submit(jobs(5))
    heard = until(renderer, ended(5))
    assert isinstance(heard[0], Ready)
    assert painted(heard) == [0, 1, 2, 3, 4]


def test_a_renderer_that_dies_once_comes_back_and_paints_everything_once(
    start, tmp_path: Path
) -> None:
    renderer = start(f"dies-once:{tmp_path / 'mark'}")
    renderer.submit(jobs(5))
    heard = until(renderer, ended(5))
    assert sorted(painted(heard)) == [0, 1, 2, 3, 4]
    assert [type(e) for e in heard if isinstance(e, Restarted | Failed)] == [Restarted]


def test_a_job_that_kills_the_renderer_fails_alone(start) -> None:
    renderer = start("dies-on-2")
    renderer.submit(jobs(5))
    heard = until(renderer, ended(5))
    assert sorted(painted(heard)) == [0, 1, 3, 4]
    (failed,) = [e for e in heard if isinstance(e, Failed)]
    assert failed.id == 2
    assert "the renderer died painting it" in failed.error


@pytest.mark.usefixtures("two_tries")
def test_a_job_that_makes_the_renderer_hang_fails_alone(start) -> None:
    renderer = start("hangs-on-1", patience=0.3)
    renderer.submit(jobs(3))
    heard = until(renderer, ended(3))
    assert sorted(painted(heard)) == [0, 2]
    assert [e.id for e in heard if isinstance(e, Failed)] == [1]


def test_kills_from_outside_are_nobodys_fault(start, tmp_path: Path) -> None:
    renderer = start(f"killed:{tmp_path / 'count'}")
    renderer.submit(jobs(5))
    heard = until(renderer, ended(5))
    assert sorted(painted(heard)) == [0, 1, 2, 3, 4]
    reasons = [e.reason for e in heard if isinstance(e, Restarted)]
    assert reasons == ["the renderer was killed and was started again"] * 3


@pytest.mark.usefixtures("two_tries")
def test_a_job_for_which_the_system_kills_for_want_of_memory_fails_alone(
    start, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = iter(range(100))
    monkeypatch.setattr(exit_codes, "memory_kills", lambda: next(counted))
    renderer = start("shot-on-2")
    renderer.submit(jobs(4))
    heard = until(renderer, ended(4))
    assert sorted(painted(heard)) == [0, 1, 3]
    (failed,) = [e for e in heard if isinstance(e, Failed)]
    assert failed.error == "the renderer died painting it (out of memory?)"


@pytest.mark.usefixtures("two_tries")
def test_where_kills_from_outside_never_end_they_count_as_deaths(
    start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderer_process, "STRIKES", 1)
    renderer = start("shot-on-2")
    renderer.submit(jobs(4))
    heard = until(renderer, ended(4))
    assert sorted(painted(heard)) == [0, 1, 3]
    assert [e.id for e in heard if isinstance(e, Failed)] == [2]


@pytest.mark.usefixtures("two_tries")
def test_several_poisonous_jobs_do_not_end_the_renderer(start) -> None:
    renderer = start("dies-on-even")
    renderer.submit(jobs(4))
    heard = until(renderer, ended(4))
    assert sorted(painted(heard)) == [1, 3]
    assert sorted(e.id for e in heard if isinstance(e, Failed)) == [0, 2]


@pytest.mark.usefixtures("two_tries")
def test_jobs_that_are_blamed_for_its_deaths_do_not_end_the_renderer(
    start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderer_process, "RESTARTS", 1)
    renderer = start("dies-on-0")
    renderer.submit(jobs(1))
    (failed,) = [e for e in until(renderer, ended(1)) if isinstance(e, Failed | Broken)]
    assert isinstance(failed, Failed)


def test_a_draft_from_before_it_was_wanted_as_a_picture_is_not_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    child = Child(Random(0), (), lambda: False)
    monkeypatch.setattr(renderer_process, "spawned", lambda *_: (child, child.theirs))
    renderer = ProcessRenderer(Assignment(model="any"))
    renderer.submit([Job(0, GENOME, until=2)])
    for _ in range(40):
        child.live()
    renderer.cancel([0])
    renderer.submit([Job(0, GENOME)])
    heard = renderer.poll(0.0)
    assert [e.step for e in heard if isinstance(e, Stepped)] == [0, 1, 2]
    for _ in range(40):
        child.live()
    heard += renderer.poll(0.0)
    assert [type(e) for e in heard if isinstance(e, Ended)] == [Finished]
    renderer.close()


@pytest.mark.usefixtures("two_tries")
def test_jobs_that_arrive_while_a_suspect_is_tried_are_painted_too_the_latest_first(start) -> None:
    renderer = start("dies-on-0")
    renderer.submit(jobs(2))
    heard = until(renderer, told(Restarted))
    renderer.submit([Job(7, GENOME)])
    renderer.submit([Job(8, GENOME)])
    heard += until(renderer, ended(4 - sum(isinstance(e, Finished | Failed) for e in heard)))
    assert painted(heard) == [1, 8, 7]


def test_a_renderer_that_never_starts_is_given_up_with_advice(
    start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderer_process, "RESTARTS", 2)
    renderer = start("dies-loading")
    renderer.submit(jobs(1))
    heard = until(renderer, ended(1))
    assert sum(isinstance(e, Restarted) for e in heard) == 2
    assert isinstance(heard[-1], Broken)
    assert "run 'fancier doctor'" in heard[-1].error
    assert renderer.poll(0) == []


def test_a_model_that_cannot_be_loaded_is_reported_and_not_tried_again(start) -> None:
    renderer = start("broken")
    assert until(renderer, ended(1)) == [Broken("the model is broken")]


def test_cancelled_jobs_are_not_heard_of_again(start) -> None:
    renderer = start("fine")
    renderer.submit(jobs(4))
    renderer.cancel([1, 2])
    assert painted(until(renderer, ended(2))) == [0, 3]
    assert renderer.poll(0.2) == []


def test_cancelled_jobs_are_not_taken_for_hung(start, monkeypatch: pytest.MonkeyPatch) -> None:
    renderer = start("fine")
    renderer.submit(jobs(4))
    renderer.cancel([1, 2])
    until(renderer, ended(2))
    now = time.monotonic
    monkeypatch.setattr(time, "monotonic", lambda: now() + 2 * PATIENCE)
    assert renderer.poll(0.2) == renderer.poll(0.2) == []


@pytest.mark.usefixtures("two_tries")
def test_jobs_go_on_when_the_suspect_that_is_tried_is_cancelled(start) -> None:
    renderer = start("hangs-on-0", patience=0.5)
    renderer.submit(jobs(3))
    until(renderer, told(Restarted))
    renderer.cancel([0])
    assert painted(until(renderer, ended(2))) == [1, 2]


def test_a_renderer_that_hangs_on_a_cancelled_job_is_killed_for_the_next(start) -> None:
    renderer = start("hangs-on-0", patience=0.3)
    renderer.submit(jobs(1))
    until(renderer, told(Stepped))
    renderer.cancel([0])
    renderer.submit([Job(1, GENOME)])
    assert painted(until(renderer, ended(1))) == [1]


def test_a_script_without_a_guard_may_start_a_renderer(tmp_path: Path) -> None:
    script = tmp_path / "notebook.py"
    script.write_text(
        "import children\n"
        "from evolve.rendering.process.renderer_process import ProcessRenderer\n"
        "from evolve.rendering.process.worker import Assignment\n"
        "print('once')\n"
        "with ProcessRenderer(Assignment(model='fine'), target=children.serve) as renderer:\n"
        "    print(type(renderer.poll(30)[0]).__name__)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": PYTHONPATH},
    )
    assert done.stdout.split() == ["once", "Ready"]


def test_closing_ends_the_process(start) -> None:
    renderer = start("fine")
    until(renderer, ended(0))
    child = renderer._process
    renderer.close()
    child.join(10)
    assert not child.is_alive()
    assert renderer.pid is None


class Captured(io.StringIO):
    """What a terminal app puts in the place of stderr: it has no descriptor of its own."""

    def fileno(self) -> int:
        return -1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no tracker")
@pytest.mark.parametrize("restored", [True, False])
def test_a_dead_resource_tracker_ends_nothing(
    start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restored: bool
) -> None:
    renderer = start(f"dies-once:{tmp_path / 'mark'}")
    monkeypatch.setattr(sys, "stderr", Captured())
    if not restored:
        monkeypatch.setattr(sys, "__stderr__", None)  # it was closed before the program began
    resource_tracker.ensure_running()
    tracker = resource_tracker._resource_tracker._pid
    os.kill(tracker, signal.SIGKILL)
    os.waitid(os.P_PID, tracker, os.WEXITED | os.WNOWAIT)
    renderer.submit(jobs(5))
    heard = until(renderer, ended(5))
    assert sorted(painted(heard)) == [0, 1, 2, 3, 4]
    assert [type(e) for e in heard if isinstance(e, Restarted | Failed)] == [Restarted]
    assert resource_tracker._resource_tracker._pid != tracker
    assert isinstance(sys.stderr, Captured)


def test_a_start_that_fails_is_tried_again(
    start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    renderer = start(f"dies-once:{tmp_path / 'mark'}")
    failing = [OSError("no more processes"), ValueError("bad value(s) in fds_to_keep")]
    whole = BaseProcess.start

    def begin(self: BaseProcess) -> None:
        if failing:
            raise failing.pop()
        whole(self)

    monkeypatch.setattr(BaseProcess, "start", begin)
    renderer.submit(jobs(5))
    assert sorted(painted(until(renderer, ended(5)))) == [0, 1, 2, 3, 4]
    assert not failing


def test_a_renderer_that_cannot_be_started_is_told_as_broken(
    start, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(self: BaseProcess) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(BaseProcess, "start", begin)
    renderer = start("fine")
    renderer.submit(jobs(1))
    (broken,) = [e for e in until(renderer, ended(1)) if isinstance(e, Broken)]
    assert "it could not be started: no more processes" in broken.error
    monkeypatch.setattr(renderer_process, "changed_since", lambda: "start it again")
    renderer = start("fine")
    renderer.submit(jobs(1))
    (broken,) = [e for e in until(renderer, ended(1)) if isinstance(e, Broken)]
    assert broken.error.endswith("no more processes): start it again")


def test_modules_in_the_current_folder_are_not_run(
    start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("multiprocessing", "evolve", "numpy"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    renderer = start("fine")
    renderer.submit(jobs(1))
    assert painted(until(renderer, ended(1))) == [0]
    assert not (tmp_path / "mark").exists()
