"""Calling a function in a process of its own, because it loads what this one must not load."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from evolve.errors import FancierError
from evolve.rendering.process.spawning import spawned

T = TypeVar("T")


def answered(what: str, work: Callable[..., T], *args: Any) -> T:
    """Return what `work(*args)` returns in a process of its own.

    The function is one of a module, `what` it reads is for the error if the process ends.

    Raises:
        FancierError: The function raised it, or the process ended.
    """
    process, pipe = spawned(_answer, work, args)
    with pipe:
        try:
            answer, problem = pipe.recv()
        except EOFError:
            raise FancierError(f"{what} could not be read: its process ended") from None
        except BaseException:  # ctrl-c, which reaches this process only
            process.kill()
            raise
        finally:
            process.join()
    if problem:
        raise FancierError(problem)
    found: T = answer
    return found


def _answer(answer: Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    try:
        answer.send((work(*args), ""))
    except FancierError as error:
        answer.send((None, str(error)))
