"""The command line: `fancier COMMAND …`.

Nothing is imported with the program: ctrl-c while the rest is read ends it without a traceback.
"""

from __future__ import annotations

import os
import signal

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` alone takes as long as all of this
    from typing import NoReturn

    from tui.cli.command_line import build_parser as build_parser
    from tui.cli.command_line import main as main

INTERRUPTED = 130
"""Exit status of what ctrl-c ended, as a shell reports it."""


def program() -> NoReturn:
    """Run the program `fancier`, and end the process.

    Until the command begins, and once it has ended, ctrl-c finds nothing to save or to report.
    Everything is saved when a command returns: the interpreter need not be shut down object by
    object.
    """
    heeds = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not under `nohup`
    if heeds:
        signal.signal(signal.SIGINT, _leave)
    from tui.cli import command_line  # takes a while

    command_line.prepare()
    try:
        if heeds:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        status = command_line.main()
        if heeds:
            signal.signal(signal.SIGINT, _leave)
    except (KeyboardInterrupt, SystemExit) as end:  # once more while one is reported, or terminated
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        status = int(getattr(end, "code", INTERRUPTED))
    command_line.finish()
    os._exit(status)


def _leave(*_: object) -> NoReturn:
    os._exit(INTERRUPTED)


def __getattr__(name: str) -> object:
    if name not in ("build_parser", "main"):
        raise AttributeError(f"module 'tui.cli' has no attribute {name!r}")
    from tui.cli import command_line  # takes a while

    return getattr(command_line, name)
