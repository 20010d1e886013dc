"""Child processes, and what they inherit."""

import signal
import sys
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection

import pytest

from evolve.rendering.process.spawning import spawned

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no mask of signals")


def held(pipe: Connection) -> None:
    """Send whether ctrl-c is held back in this process."""
    pipe.send(holds_back())


def holds_back() -> bool:
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


@pytest.mark.parametrize("is_first", [True, False])
def test_ctrl_c_never_reaches_a_child_not_even_as_it_starts(is_first: bool) -> None:
    if is_first:
        resource_tracker._resource_tracker._stop()  # type: ignore[attr-defined]
    process, pipe = spawned(held)
    with pipe:
        assert pipe.recv()
    process.join()
    assert not holds_back()
