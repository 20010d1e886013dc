"""Starting child processes from a program that has taken the standard streams for itself."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, TextIO

TRIES = 3
"""How often a start is tried: a helper of `multiprocessing` may have died just then."""

_one_at_a_time = threading.Lock()


def spawned(target: Callable[..., None], *args: Any) -> tuple[BaseProcess, Connection]:
    """Start a process, even if streams are replaced or helpers of `multiprocessing` have died.

    It is a fresh interpreter: a fork would copy this one's threads and locks in any state.

    Args:
        target: What it runs, a function of a module; it gets the other end of a pipe first.
        args: What else it gets.

    Returns:
        The process and the pipe, which is closed when it dies.

    Raises:
        OSError, EOFError, ValueError: It did not start in any of the tries.
    """
    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs, *args), daemon=True)
    with theirs:
        _start(process)
    return process, pipe


def _start(process: BaseProcess) -> None:
    for left in reversed(range(TRIES)):
        try:
            with plain_streams(), _without_main(), _without_interrupts():
                process.start()
                return
        except (OSError, EOFError, ValueError):
            if not left:
                raise


@contextlib.contextmanager
def plain_streams() -> Iterator[None]:
    """Have a stderr with a file descriptor until the block ends.

    The resource tracker of `multiprocessing` inherits the descriptor of stderr. It starts when it
    is first needed, and again after it died. An app in the terminal has replaced stderr by an
    object without a descriptor.

    New interpreters also do not look for modules in the current folder, which may be a stranger's.
    """
    with _one_at_a_time, contextlib.ExitStack() as stack, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # about a tracker that died: nothing is lost
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
    """Hide the main module: a child would import it, and so run a script without a guard again."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextlib.contextmanager
def _without_interrupts() -> Iterator[None]:
    """Hold back ctrl-c, which the terminal sends to children, too: they inherit that it is held.

    Its imports take a child a second or more before it could ignore it; until then it would end
    with a traceback on the screen of the program, for which ctrl-c is meant.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # first: its start lets go of what is held
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
