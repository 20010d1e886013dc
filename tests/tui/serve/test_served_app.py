"""The app behind a page: of any size, and it ends with its page and its server."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from typing import Any

import pytest

from tui.serve import served_app
from tui.serve.served_app import HIGHEST, WIDEST, ServedApp


def app_for(arguments: list[str], shown: list[bytes]) -> ServedApp:
    async def write(data: bytes) -> None:
        shown.append(data)

    async def close() -> None:
        shown.append(b"CLOSED")

    app = ServedApp(
        arguments, write_bytes=write, write_str=write, close=close, download_manager=NoDownloads()
    )
    return app


class NoDownloads:
    async def cancel_app_downloads(self, app_service_id: str) -> None:
        pass


async def test_a_page_may_not_ask_for_a_terminal_of_any_size(monkeypatch):
    app = app_for([], [])
    told: list[Any] = []

    async def send(data: object) -> None:
        told.append(data)

    monkeypatch.setattr(app, "send_meta", send)
    await app.set_terminal_size(10**6, -5)
    assert told == [{"type": "resize", "width": WIDEST, "height": 1}]

    async def run(*_: str, env: dict[str, str], **__: object) -> Any:
        told.append((env["COLUMNS"], env["ROWS"]))
        return type("Process", (), {"stdin": None})

    monkeypatch.setattr(asyncio, "create_subprocess_exec", run)
    await app._open_app_process(10**5, 10**5)
    assert told[-1] == (str(WIDEST), str(HIGHEST))


async def test_why_an_app_cannot_open_is_shown_on_the_page(tmp_path):
    shown: list[bytes] = []
    app = app_for(["--home", str(tmp_path), "open", "nobody"], shown)
    await app.start(80, 24)
    try:
        async with asyncio.timeout(60):
            while not shown:
                await asyncio.sleep(0.02)
    finally:
        await app.stop()
    assert b"no population named 'nobody'" in shown[0]
    assert b"Reload this page to try again" in shown[0]
    assert app._process is not None
    assert app._process.returncode == 1


async def test_an_app_that_does_not_end_is_killed(monkeypatch, tmp_path):
    monkeypatch.setattr(served_app, "GRACE_S", 0.1)
    stubborn = tmp_path / "tui" / "serve" / "served.py"
    stubborn.parent.mkdir(parents=True)
    stubborn.write_text(
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "os.write(1, b'__GANGLION__\\nD\\0\\0\\0\\2hi')\n"
        "time.sleep(600)\n"
    )
    for package in ("tui", "tui/serve"):
        (tmp_path / package / "__init__.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    shown: list[bytes] = []
    app = app_for([], shown)
    await app.start(80, 24)
    async with asyncio.timeout(60):
        while not shown:
            await asyncio.sleep(0.02)
        await app.stop()
    assert app._process is not None
    assert app._process.returncode == -signal.SIGKILL


WAITING = """
import sys, threading
from tui.cli import command_line
from tui.serve import served
command_line.main = lambda argv: threading.Event().wait()
served.main()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="pipes end otherwise elsewhere")
def test_an_app_ends_when_its_server_is_gone():
    with subprocess.Popen([sys.executable, "-c", WAITING], stdin=subprocess.PIPE) as app:
        assert app.stdin is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            app.wait(0.5)
        assert app.returncode is None
        app.stdin.close()  # as when the server was killed
        assert app.wait(60) == -signal.SIGTERM
