"""Starting a child process from a program that has taken the standard streams for itself."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import types
import warnings
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from typing import TextIO

TRIES = 3
"""How often a start is tried: what helps it to start may have died just then."""

_one_at_a_time = threading.Lock()


def start(process: BaseProcess) -> None:
    """Start a process of `multiprocessing`, whatever became of the streams and of its helpers.

    Raises:
        OSError, EOFError, ValueError: It does not start, also when tried again.
    """
    for left in reversed(range(TRIES)):
        try:
            with plain_streams(), _without_main():
                process.start()
                return
        except (OSError, EOFError, ValueError):
            if not left:
                raise


@contextlib.contextmanager
def plain_streams() -> Iterator[None]:
    """Have a stderr with a file descriptor until the block ends.

    The helpers of `multiprocessing` (its resource tracker, its fork server) are started when they
    are first needed, and again when they have died, and are given the descriptor of stderr. An app
    in the terminal has put something in its place that has none.

    New interpreters do not look for modules in the current folder either, which may be anybody's.
    """
    with _one_at_a_time, contextlib.ExitStack() as stack, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that the tracker has died: nothing is lost
        os.environ["PYTHONSAFEPATH"] = "1"
        if not _has_descriptor(sys.stderr):
            plain = sys.__stderr__
            if not _has_descriptor(plain):
                plain = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))
            before, sys.stderr = sys.stderr, plain
            stack.callback(setattr, sys, "stderr", before)
        yield


def _has_descriptor(stream: TextIO | None) -> bool:
    try:
        os.fstat(stream.fileno())  # type: ignore[union-attr]  # None has no fileno, as others
    except (OSError, ValueError, AttributeError):
        return False
    return True


@contextlib.contextmanager
def _without_main() -> Iterator[None]:
    """Hide the main module: a child would import it, and run a script that has no guard again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
