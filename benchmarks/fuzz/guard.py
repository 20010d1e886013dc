"""Watches what Python touches: files outside the sandbox, the network, other programs, pickles.

Audit hooks see what is opened by its path; what is opened relative to a folder that is open already
(`dir_fd`) they see without the folder, so that the person's own files are compared, too.
"""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGE = {
    "os.rename": (0, 1),
    "os.remove": (0,),
    "os.rmdir": (0,),
    "os.mkdir": (0,),
    "os.truncate": (0,),
    "os.chmod": (0,),
    "os.link": (0, 1),
    "os.symlink": (1,),
    "os.utime": (0,),
}
"""Which arguments of these name what they change."""
_NEVER = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec")
_HARMLESS = ("/dev/null", "/dev/shm/sem.", "/dev/shm/psm_", "/proc/self/")

_active: list["Guard"] = []


class Guard:
    """Notes what leaves `sandbox` while `watching`; one at a time in a process."""

    def __init__(self, sandbox: Path) -> None:
        self._allowed = [os.path.realpath(sandbox / name) + "/" for name in ("home", "given")]
        self._outside = sandbox / "outside"
        self._forbidden = os.path.realpath(self._outside) + "/"
        self._caches = [os.path.realpath(tempfile.gettempdir()) + "/tmp", os.path.expanduser("~/.")]
        self._before = self._look()
        self.found: list[str] = []

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Note what happens meanwhile in `found`."""
        if not _hooked:
            sys.addaudithook(_heard)
            _hooked.append(True)
        self.found.clear()
        compiles, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # of what is imported
        _active.append(self)
        try:
            yield
        finally:
            _active.clear()
            sys.dont_write_bytecode = compiles
            if (now := self._look()) != self._before:
                changed = sorted({path for path, _ in self._before ^ now})
                self.found.append(f"changed outside the home: {', '.join(changed[:5])}")
                self._before = now

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        """Take note of an audit event."""
        if event in _NEVER:
            self.found.append(f"{event} {args[:2]!r}"[:200])
        elif event == "pickle.find_class":
            self.found.append(f"unpickled {args!r}"[:200])
        elif event == "open" and isinstance(args[0], str | bytes | os.PathLike):
            self._opened(os.fsdecode(args[0]), args[2] if isinstance(args[2], int) else 0)
        elif event in _CHANGE:
            for place in _CHANGE[event]:
                if isinstance(args[place], str | bytes | os.PathLike):
                    self._changed(event, os.fsdecode(args[place]))

    def _opened(self, path: str, flags: int) -> None:
        real = os.path.realpath(path)
        if (real + "/").startswith(self._forbidden):
            nofollow = flags & getattr(os, "O_NOFOLLOW", 0) and os.path.islink(path)
            if not nofollow:
                self.found.append(f"opened {path}, which is {real}")
        elif flags & _WRITE:
            self._changed("open", path, real)

    def _changed(self, event: str, path: str, real: str = "") -> None:
        if not os.path.isabs(path) and not os.path.exists(path):
            return  # relative to a folder that is open; the person's files are compared
        folder, name = os.path.split(path)
        real = real or os.path.join(os.path.realpath(folder), name)
        harmless = (*self._allowed, *_HARMLESS, *(c for c in self._caches))
        if not (real + "/").startswith(harmless) and not real.startswith(harmless):
            self.found.append(f"{event} {real}")

    def _look(self) -> set[tuple[str, tuple[int, int, int]]]:
        """Return what the person's own files are like."""
        seen = set()
        for here, folders, names in os.walk(self._outside):
            for name in (*folders, *names):
                file = os.lstat(os.path.join(here, name))
                about = (file.st_mode, file.st_size, file.st_mtime_ns)
                seen.add((os.path.relpath(os.path.join(here, name), self._outside), about))
        return seen


_hooked: list[bool] = []


def _heard(event: str, args: tuple[Any, ...]) -> None:
    for guard in tuple(_active):
        _active.clear()  # what it does itself does not count
        try:
            guard.hear(event, args)
        finally:
            _active.append(guard)
