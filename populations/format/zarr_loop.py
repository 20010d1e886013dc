"""Runs zarr's coroutines on one thread.

zarr hands every read, write and compression of a chunk to a pool of threads. While a model paints
on all cores, each of these handovers waits for its turn, and a commit that should take 30 ms takes
hundreds. Our chunks are small, so here they are handled at once, on the thread of the event loop.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Return the result of `work`; any thread may call this, also one with an event loop."""
    return asyncio.run_coroutine_threadsafe(work, _loop()).result()


async def everything(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all of `work`; an error is raised only when the rest is done too."""
    for result in await asyncio.gather(*work, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


class _AtOnce(ThreadPoolExecutor):
    """Does what it is given before it returns, on the thread that gives it."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:
            done.set_exception(error)
        return done


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_default_executor(_AtOnce())
    threading.Thread(target=loop.run_forever, name="populations", daemon=True).start()
    return loop


if hasattr(os, "register_at_fork"):  # threads do not survive a fork
    os.register_at_fork(after_in_child=_loop.cache_clear)
