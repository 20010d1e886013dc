"""A terminal for tests: a command is typed into it, and what is on its screen can be read.

The command runs in a process group of its own behind a pseudo-terminal. Pyte keeps the screen, and
answers what a program asks of its terminal.
"""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import wait  # for any number of a file, unlike select
from pathlib import Path
from typing import Any

PATIENCE = 300.0
"""Seconds to wait for what must come: on a busy machine a first start measures for minutes."""


class Terminal:
    """A command in a terminal; see `typed`."""

    def __init__(
        self,
        command: str,
        folder: Path,
        *,
        size: tuple[int, int] = (120, 36),
        environ: Mapping[str, str],
    ) -> None:
        import pyte

        columns, lines = size
        self.command = command
        self.raw = b""
        """All that was written, escape sequences and all."""
        self.screen: Any = pyte.Screen(columns, lines)
        self._stream: Any = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        self.screen.write_process_input = lambda text: os.write(self._master, text.encode())
        self._settings = termios.tcgetattr(slave)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec {command}"],  # ctrl-c is for the command alone
            cwd=folder,
            env=dict(environ),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)

    @property
    def text(self) -> str:
        """What is on the screen, line by line; pyte's own `display` measures each letter again."""
        lines = [self.screen.buffer[y] for y in range(self.screen.lines)]
        places = range(self.screen.columns)
        return "\n".join(
            "".join([line[x].data for x in places]).rstrip() for line in lines
        ).rstrip()

    @property
    def printed(self) -> str:
        """All that was written since the beginning, as text without its escape sequences."""
        text = re.sub(rb"\x1b\[[0-?]*[ -/]*[@-~]", b"", self.raw)
        return text.decode("utf-8", "replace").replace("\r\n", "\n")

    @property
    def title(self) -> str:
        """What the window is called."""
        return str(self.screen.title)

    def wait_for(self, there: str | Callable[[str], object]) -> str:
        """Wait until a text is on the screen, or something is true of it; returns the screen."""
        true = (lambda text: there in text) if isinstance(there, str) else there
        end = time.monotonic() + PATIENCE
        while not true(self.text):
            gone = not self._read(0.2) and self._process.poll() is not None
            if gone or time.monotonic() > end:
                what = "ended" if gone else "is still running"
                raise AssertionError(
                    f"{self.command!r} {what}, and {there!r} is not there:\n{self.text}"
                )
        return self.text

    def press(self, keys: str) -> None:
        """Press keys, as the bytes that a terminal sends for them."""
        os.write(self._master, keys.encode())

    def rest(self, seconds: float) -> None:
        """Let the command go on for a while, or until it has ended."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and self._read(left):
            pass

    def end(self) -> int:
        """Wait until the command is over; returns its exit status.

        It leaves the terminal as it found it: a shell would echo nothing any more, say.
        """
        end = time.monotonic() + PATIENCE
        while self._process.poll() is None:
            if time.monotonic() > end:
                raise AssertionError(f"{self.command!r} does not end:\n{self.text}")
            self._read(0.05)
        while self._read(0.0):
            pass
        assert "Traceback" not in self.printed, self.text
        assert termios.tcgetattr(self._master) == self._settings, self.text
        return self._process.returncode

    def close(self) -> None:
        """End whatever is still running."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    def _read(self, timeout: float) -> bool:
        """Read what was written, most of a screen at once; returns whether that was anything."""
        data = b""
        while len(data) < 1 << 16 and wait([self._master], timeout):
            try:
                data += os.read(self._master, 1 << 16)
            except OSError:  # the other end is closed
                break
            timeout = 0.0
        self.raw += data
        self._stream.feed(data)
        return bool(data)


@contextmanager
def typed(
    command: str,
    folder: Path,
    *,
    size: tuple[int, int] = (120, 36),
    environ: Mapping[str, str] | None = None,
) -> Iterator[Terminal]:
    """Type a command line into a shell in `folder`, as a person would.

    Args:
        command: The line, quotes and globs as a shell reads them.
        folder: Where it is typed; populations are kept in its folder `home`.
        size: Columns and lines of the terminal.
        environ: What else is set.
    """
    terminal = Terminal(command, folder, size=size, environ=surroundings(folder, environ))
    try:
        yield terminal
    finally:
        terminal.close()


def surroundings(folder: Path, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which nothing is but a terminal, and everything is in `folder`."""
    here = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
        "HOME": str(folder),
        "FANCIER_HOME": str(folder / "home"),
        "FANCIER_CONFIG": str(folder / "config.toml"),
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
        "HF_HOME": str(folder / "hub"),
        "HF_HUB_OFFLINE": "1",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "FANCIER_DEVICE": "cpu",
    }
    return {**here, **(environ or {})}
