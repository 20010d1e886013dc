"""A function that runs in a process of its own."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from evolve.rendering.process.answering import answered


def interrupt_and_go_on(mark: Path) -> None:
    """Press ctrl-c in the parent, and work for some time, as a library does."""
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(2)
    mark.touch()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to send")
def test_ctrl_c_ends_the_process_that_was_to_answer(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        answered("a file", interrupt_and_go_on, tmp_path / "mark")
    assert not (tmp_path / "mark").exists()
