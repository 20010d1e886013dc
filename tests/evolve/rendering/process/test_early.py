"""A renderer that is started before it is known what it is to paint."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evolve.rendering.process import early
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.process.worker import GENTLE, LAST, Assignment


@pytest.fixture
def prepared() -> Iterator[int]:
    """Number of a process that waits."""
    early.prepare()
    assert early._waiting is not None
    process, pipe = early._waiting
    assert process.pid is not None
    yield process.pid
    pipe.close()
    process.kill()
    process.join()
    early._waiting = None


def test_the_next_renderer_behind_an_app_takes_it_over(prepared: int) -> None:
    early.prepare()  # there is one already
    renderer = ProcessRenderer(Assignment(model="no/such-model", niceness=LAST))
    with contextlib.closing(renderer):
        assert renderer.pid == prepared
    assert gone(prepared)


def test_one_that_may_go_first_is_started_for_itself(prepared: int) -> None:
    assert early.take(Assignment(model="portraits", niceness=GENTLE)) is None
    assert early._waiting is not None


def test_one_that_has_died_is_not_taken(prepared: int) -> None:
    assert early._waiting is not None
    early._waiting[0].kill()
    early._waiting[0].join()
    assert early.take(Assignment(model="portraits", niceness=LAST)) is None
    assert early._waiting is None


def test_one_that_nobody_takes_ends_with_the_program() -> None:
    code = (
        "import os\n"
        "from evolve.rendering.process import early\n"
        "early.prepare()\n"
        "print(early._waiting[0].pid, flush=True)\n"
        "os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert gone(int(done.stdout))


def gone(pid: int) -> bool:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        stat = Path(f"/proc/{pid}/stat")
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False
