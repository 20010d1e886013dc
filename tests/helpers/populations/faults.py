"""A disk that fails: each write, flush, rename and new folder is counted, and may fail.

With `EVERY_FAULT=1` the tests go through all of them, which takes minutes; else through some.
"""

import builtins
import errno
import io
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from populations.format import files

ONCE, FOR_EVER, KILLED = errno.EIO, errno.ENOSPC, -9
"""One thing fails and the rest goes well; from one on everything fails; the process ends there."""


class Disk:
    """Counts what is done to it, and fails at a given place."""

    def __init__(self, fails_at: int | None, error: int) -> None:
        self.done = 0
        self._fails_at = fails_at
        self._error = error

    @property
    def is_fatal(self) -> bool:
        """Whether the next use ends the process."""
        return self._error == KILLED and self.done == self._fails_at

    def use(self) -> None:
        """Take part in one write, flush, rename or new folder."""
        n, self.done = self.done, self.done + 1
        if self._fails_at is None:
            return
        if n == self._fails_at and self._error == KILLED:
            os._exit(-KILLED)
        if n == self._fails_at or (n > self._fails_at and self._error == FOR_EVER):
            raise OSError(self._error, os.strerror(self._error))


class _Raw(io.FileIO):
    """A file that is written to; what fails leaves half of it behind."""

    disk: Disk

    def write(self, data: Any) -> int:
        if self.disk.is_fatal:
            super().write(bytes(data)[: len(data) // 2])
        try:
            self.disk.use()
        except OSError:
            super().write(bytes(data)[: len(data) // 2])
            raise
        return super().write(data)


@contextmanager
def failing(fails_at: int | None = None, error: int = ONCE) -> Iterator[Disk]:
    """Make what comes at place `fails_at` (from 0) fail; None only counts."""
    disk = Disk(fails_at, error)

    def used(function: Callable[..., Any]) -> Callable[..., Any]:
        def use(*args: Any, **kwargs: Any) -> Any:
            disk.use()
            return function(*args, **kwargs)

        return use

    real = io.open

    def opened(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
        if not set(mode) & set("wxa+"):
            return real(file, mode, buffering, *args, **kwargs)
        try:
            disk.use()
        except OSError:
            if isinstance(file, int):  # it would be the file's to close
                os.close(file)
            raise
        raw = _Raw(file, mode.replace("b", "").replace("t", ""))
        raw.disk = disk
        binary = io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(io, "open", opened)
        patch.setattr(builtins, "open", opened)
        patch.setattr(files, "flush_file", used(files.flush_file))
        removing = ("unlink", "rmdir") if error == KILLED else ()
        for name in ("rename", "replace", "mkdir", "sendfile", *removing):
            patch.setattr(os, name, used(getattr(os, name)))
        yield disk


def every_kill(work: Callable[[], object], step: int = 1) -> Iterator[None]:
    """Do `work` in processes that end at one moment of it after the other, as by kill -9.

    Yields:
        After each; the last one came to its end.
    """
    step = 1 if os.environ.get("EVERY_FAULT") else step
    for place in itertools.count(0, step):
        if not (child := os.fork()):
            try:
                with failing(place, KILLED):
                    work()
                os._exit(0)
            finally:
                os._exit(1)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) in (0, -KILLED)
        yield
        if status == 0:
            break


def every_fault(work: Callable[[], object], step: int = 1) -> Iterator[Exception | None]:
    """Let `work` meet one fault after the other, until there are so few that none is met.

    Yields:
        What `work` raised, None if it did well in spite of the fault.
    """
    step = 1 if os.environ.get("EVERY_FAULT") else step
    for error in (ONCE, FOR_EVER):
        for fails_at in itertools.count(0, step):
            raised = None
            with failing(fails_at, error) as disk:
                try:
                    work()
                except Exception as problem:
                    raised = problem
            yield raised
            if disk.done <= fails_at:
                assert raised is None
                break
