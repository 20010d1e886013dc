"""A renderer process that is started before it is known what it will paint.

The imports of a renderer take seconds. A program that will probably need one starts it first, and
goes on with its own start meanwhile. The next renderer takes the process over (`renderer_process`);
a process that is not taken over ends with the program.
"""

from __future__ import annotations

import contextlib
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from evolve.rendering.process.spawning import spawned
from evolve.rendering.process.worker import LAST, Assignment, serve_early

_lock = threading.Lock()
_waiting: tuple[BaseProcess, Connection] | None = None


def prepare(model: str | None = None) -> None:
    """Start a process behind the app that imports libraries, unless one is waiting already.

    If it cannot be started, the renderer starts later, as usual. The name of its model may be known
    already.
    """
    global _waiting
    with _lock, contextlib.suppress(OSError, EOFError, ValueError):
        if _waiting is None:
            _waiting = spawned(serve_early, LAST, model)


def take(assignment: Assignment) -> tuple[BaseProcess, Connection] | None:
    """Give the waiting process an assignment, and return it with the pipe to it.

    None if no process waits, or if it is too nice for the assignment, which it cannot undo.
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
