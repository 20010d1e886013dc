"""A renderer process that is started before it is known what it is to paint.

To import what a renderer needs takes seconds. A program that will surely start one, or very likely,
begins with that, and goes on with its own start meanwhile. The next renderer takes the process over
(`renderer_process`); one that is never taken ends with the program.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from evolve.rendering.process.spawning import start
from evolve.rendering.process.worker import LAST, Assignment, serve_early

_lock = threading.Lock()
_waiting: tuple[BaseProcess, Connection] | None = None


def prepare(model: str | None = None) -> None:
    """Start a process behind the app that imports libraries, unless one is waiting already.

    What keeps it from starting does not matter: the renderer is started later, as always.

    Args:
        model: Name of the model that it will be, if that is known.
    """
    global _waiting
    with _lock, contextlib.suppress(OSError, EOFError, ValueError):
        if _waiting is None:
            context = multiprocessing.get_context("spawn")
            pipe, theirs = context.Pipe()
            process = context.Process(
                target=serve_early, args=(theirs, LAST, model), name="fancier-renderer", daemon=True
            )
            with theirs:
                start(process)
            _waiting = process, pipe


def take(assignment: Assignment) -> tuple[BaseProcess, Connection] | None:
    """Give the process that waits an assignment, and return it with the pipe to it.

    Returns:
        None if none waits that could do it: one that lets others go first cannot go back on that.
    """
    global _waiting
    with _lock:
        if _waiting is None or assignment.niceness < LAST:
            return None
        process, pipe = _waiting
        _waiting = None
    with contextlib.suppress(OSError):
        pipe.send(assignment)
        return process, pipe
    pipe.close()  # it has died
    return None
