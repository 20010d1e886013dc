"""One app behind one page: a process that ends with its page."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from typing import Any

from textual_serve.app_service import AppService

WIDEST, HIGHEST = 600, 250
"""Cells of the largest terminal, more than the largest screens show in small print: what is drawn
takes memory, and a page may ask for anything."""

GRACE_S = 10.0
"""How long an app may take to end before it is killed."""


class ServedApp(AppService):
    """Runs `tui.serve.served`, which runs the app."""

    def __init__(self, arguments: Sequence[str], **connection: Any) -> None:
        """Prepare to run the app with these arguments."""
        super().__init__("fancier", **connection)
        self._arguments = arguments
        self._stopping = False

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # modules in the current folder are not the program's
            "-m",
            "tui.serve.served",
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=self._build_environment(bounded(width, 1, WIDEST), bounded(height, 1, HIGHEST)),
        )
        self._process, self._stdin = process, process.stdin
        return process

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Set the size of the page's terminal, in cells."""
        await super().set_terminal_size(bounded(width, 1, WIDEST), bounded(height, 1, HIGHEST))

    async def stop(self) -> None:
        """Ask the app to end, and kill it if it does not."""
        process = self._process
        if process is None or self._stopping:
            return
        self._stopping = True
        try:
            # What does not read any more would be waited for.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(super().stop(), GRACE_S)
                self.stdin.close()
                # To kill what is just ending would lose its exit status.
                await asyncio.wait_for(process.wait(), GRACE_S)
        finally:
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
            await process.wait()


def bounded(number: int, least: int, most: int) -> int:
    """Return the number, or the nearest that is allowed."""
    return min(most, max(least, number))
