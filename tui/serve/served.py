"""The process of one served app (`tui.serve.served_app`): `fancier`, whose terminal is a web page.

What goes wrong before the app is there is shown on the page, for there may be no one at the
server's terminal. The process ends with the server, even if that crashed: it would go on unseen,
and keep the population locked.
"""

from __future__ import annotations

import contextlib
import io
import os
import select
import shutil
import signal
import sys
import textwrap
import threading
import time

from evolve.text import one_line

GRACE_S = 10.0
"""How long the app may take to put everything away once the server is gone."""

_STDIN, _STDOUT = 0, 1


def main() -> int:
    """Run `fancier` with the arguments of this process; return its exit status."""
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    from tui.cli import command_line  # after the thread that ends this process has started

    errors = _Errors()
    with contextlib.redirect_stderr(errors):
        status = command_line.main(sys.argv[1:])
    if status and "tui.app.application" not in sys.modules:
        _show(errors.getvalue().strip() or f"fancier ended with {status}")
    else:
        sys.stderr.write(errors.getvalue())
    return status


def _end_with_the_server() -> None:
    """Wait until the other end of stdin is closed; then end, by force if need be."""
    if not hasattr(select, "poll"):
        return
    ended = select.poll()
    ended.register(_STDIN, 0)  # the end is reported unasked
    ended.poll()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os._exit(1)


class _Errors(io.StringIO):
    """Keeps what is written to stderr; what is started meanwhile has the real one."""

    def fileno(self) -> int:
        return sys.__stderr__.fileno() if sys.__stderr__ else 2


def _show(text: str) -> None:
    """Show a line on the page, until it is left."""
    lines = textwrap.wrap(
        one_line(text), shutil.get_terminal_size().columns
    )  # $COLUMNS, as the page reported
    message = "\r\n".join([*lines, "", "Reload this page to try again."])
    shown = f"\x1b[2J\x1b[H\x1b[?25l{message}".encode()
    with contextlib.suppress(OSError):
        os.write(_STDOUT, b"__GANGLION__\nD" + len(shown).to_bytes(4, "big") + shown)
        while (received := os.read(_STDIN, 4096)) and b'"quit"' not in received:
            pass


if __name__ == "__main__":
    left = main()
    with contextlib.suppress(OSError, ValueError):  # it is closed
        sys.stderr.flush()
    os._exit(left)
