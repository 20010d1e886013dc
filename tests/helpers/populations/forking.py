"""A program that works in forks of itself, until they are killed.

A fork takes a tenth of the time of a start. What it says of its work comes line by line.
"""

import os
import select
import subprocess
import sys
from collections.abc import Callable
from typing import Self

from places import HELPERS, PYTHONPATH


def say(*words: object) -> None:
    """Write a line at once."""
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def work_in_forks(work: Callable[[str], None]) -> None:
    """Work on each line of stdin in a fork, and say when it is dead; this is the whole program."""
    for line in sys.stdin:
        if (child := os.fork()) == 0:
            say("process", os.getpid())
            work(line.rstrip("\n"))
            os._exit(0)
        os.waitpid(child, 0)
        say("dead")


class Forking:
    """Such a program, read with a deadline."""

    def __init__(self, program: str) -> None:
        """Start a program, by its name among the helpers of populations."""
        self._process = subprocess.Popen(
            [sys.executable, str(HELPERS / "populations" / program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": PYTHONPATH},
        )
        self._text = b""

    def begin(self, task: str) -> int:
        """Have a fork work on something; return the id of its process."""
        assert self._process.stdin
        self._process.stdin.write(f"{task}\n".encode())
        self._process.stdin.flush()
        word, process = self.line().split()
        assert word == "process"
        return int(process)

    def line(self, timeout_s: float = 60) -> str:
        """Return the next line, empty if there is none in time."""
        assert self._process.stdout
        while b"\n" not in self._text:
            if not select.select([self._process.stdout], [], [], timeout_s)[0]:
                return ""
            more = os.read(self._process.stdout.fileno(), 4096)
            assert more, "the program ended by itself"
            self._text += more
        line, _, self._text = self._text.partition(b"\n")
        return line.decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        assert self._process.wait(60) == 0
        assert self._process.stdout
        self._process.stdout.close()
