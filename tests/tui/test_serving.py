"""The app in a browser, behind a token."""

import json

import pytest
from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer
from textual_serve import server

from tui.cli import main
from tui.serving import COOKIE, GuardedServer


@pytest.fixture
async def client():
    guarded = GuardedServer(["--version"], host="127.0.0.1", port=8000, token="secret")
    async with TestClient(TestServer(await guarded._make_app())) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/?token=guess", "/static/js/textual.js", "/download/x"])
async def test_without_the_token_nothing_is_served(client, path):
    answer = await client.get(path)
    assert answer.status == 403
    assert "open the address that 'fancier serve' printed" in await answer.text()


async def test_without_the_token_no_app_is_started(client):
    with pytest.raises(WSServerHandshakeError, match="403"):
        await client.ws_connect("/ws")


async def test_the_token_opens_the_page_and_is_remembered_for_this_site_only(client):
    answer = await client.get("/?token=secret")
    assert answer.status == 200
    assert f"ws://{client.host}:{client.port}/ws" in await answer.text()
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=secret")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert (await client.get("/static/js/textual.js")).status == 200


async def test_an_app_of_its_own_runs_behind_each_socket(client, monkeypatch):
    started = []

    class FakeApp:
        def __init__(self, command, **_):
            self.command = command

        async def start(self, width, height):
            started.append((self.command, width, height))

        async def stop(self):
            pass

    monkeypatch.setattr(server, "AppService", FakeApp)
    await client.get("/?token=secret")
    async with client.ws_connect("/ws?width=100&height=30") as socket:
        await socket.send_str(json.dumps(["ping", 7]))
        assert await socket.receive_json(timeout=30) == ["pong", 7]
    ((command, *size),) = started
    assert command.endswith("-m tui.cli --version")
    assert size == [100, 30]


def test_each_server_has_a_token_of_its_own():
    one, two = (GuardedServer([], host="127.0.0.1", port=8000) for _ in range(2))
    assert len(one.token) >= 24
    assert one.token != two.token
    assert one.address == f"http://127.0.0.1:8000/?token={one.token}"


@pytest.mark.parametrize(
    ("argv", "status", "line"),
    [
        (["serve", "nobody"], 1, "no population"),
        (["serve", "--port", "0"], 2, "0 is not between 1 and 65535"),
        (["serve", "--host", "no.such.host.invalid"], 1, "choose another with --port"),
    ],
)
def test_what_cannot_be_served_is_refused_in_a_line(tmp_path, capsys, argv, status, line):
    try:
        code = main([*argv, "--home", str(tmp_path)])
    except SystemExit as leaving:
        code = leaving.code
    assert code == status
    assert line in capsys.readouterr().err
