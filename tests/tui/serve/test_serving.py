"""The app in a browser: who is let in, and what is served to them."""

import json
import socket
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer

from tui.cli import main, values
from tui.serve import serving
from tui.serve.serving import GuardedServer


async def visited(guarded: GuardedServer) -> AsyncIterator[TestClient]:
    async with TestClient(TestServer(await guarded._make_app())) as client:
        yield client


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:
    guarded = GuardedServer(["--version"], host="127.0.0.1", port=8000, token="secret")
    async for client in visited(guarded):
        yield client


async def enter(client: TestClient) -> str:
    """Open the first address as a browser does; return the path of the socket."""
    answer = await client.get("/?token=secret", allow_redirects=False)
    assert answer.status == 303
    return "/ws/" + answer.headers["Location"].removeprefix("/#")


class FakeApp:
    """Notes how apps are started and what they are told."""

    made: ClassVar[list["FakeApp"]] = []

    def __init__(self, arguments: list[str], **_: object) -> None:
        self.arguments, self.told = arguments, []
        self.made.append(self)

    async def start(self, width: int, height: int) -> None:
        self.told.append((width, height))

    async def stop(self) -> None:
        self.told.append("stop")

    async def send_bytes(self, data: bytes) -> None:
        self.told.append(data)

    async def set_terminal_size(self, width: int, height: int) -> None:
        self.told.append((width, height))


@pytest.fixture
def apps(monkeypatch: pytest.MonkeyPatch) -> list[FakeApp]:
    monkeypatch.setattr(serving, "ServedApp", FakeApp)
    monkeypatch.setattr(FakeApp, "made", [])
    return FakeApp.made


@pytest.mark.parametrize("path", ["/", "/?token=guess", "/static/js/textual.js", "/download/x"])
async def test_without_the_token_nothing_is_served(client, path):
    answer = await client.get(path)
    assert answer.status == 403
    assert "open the address that 'fancier serve' printed" in await answer.text()


async def test_the_token_leaves_the_address_and_is_in_no_cookie(client):
    answer = await client.get("/?token=secret", allow_redirects=False)
    assert answer.status == 303
    assert answer.headers["Location"].startswith("/#")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "secret" not in cookie + answer.headers["Location"]
    page = await client.get("/")
    assert page.status == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (await client.get("/static/js/textual.js")).status == 200


async def test_what_another_port_of_the_host_is_sent_starts_no_app(client, apps):
    """Browsers send cookies to every port of a host: whoever has the cookie has the page alone."""
    path = await enter(client)
    key = path.removeprefix("/ws/")
    page = await (await client.get("/")).text()
    assert key not in page
    assert key not in str(client.session.cookie_jar.filter_cookies(client.make_url("/")))
    for guess in ("/ws", "/ws/", "/ws/x", f"/ws/{key[:-1]}", "/ws/secret"):
        with pytest.raises(WSServerHandshakeError, match=r"403|404"):
            await client.ws_connect(guess)
    client.session.cookie_jar.clear()
    with pytest.raises(WSServerHandshakeError, match="403"):
        await client.ws_connect(path)
    assert not apps


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:9999", "null", "http://evil.example", "https://127.0.0.1", ""]
)
async def test_a_page_from_elsewhere_is_not_let_in(client, apps, origin):
    path = await enter(client)
    with pytest.raises(WSServerHandshakeError, match="403"):
        await client.ws_connect(path, headers={"Origin": origin})
    assert (await client.get("/", headers={"Origin": origin})).status == 403
    assert not apps


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "websocket"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors"}, 200),
    ],
)
async def test_a_browser_says_whose_page_asks(client, headers, status):
    await enter(client)
    assert (await client.get("/", headers=headers)).status == status


@pytest.mark.parametrize(
    ("host", "asked", "status"),
    [
        ("127.0.0.1", "127.0.0.1:PORT", 200),
        ("127.0.0.1", "localhost:PORT", 200),
        ("127.0.0.1", "[::1]:PORT", 200),
        ("127.0.0.1", "evil.example:PORT", 403),
        ("127.0.0.1", "127.0.0.1.evil.example:PORT", 403),
        ("127.0.0.1", "192.168.0.7:PORT", 403),
        ("127.0.0.1", "127.0.0.1", 403),
        ("127.0.0.1", "127.0.0.1:1", 403),
        ("127.0.0.1", "127.0.0.1:PORT:x", 403),
        ("0.0.0.0", "192.168.0.7:PORT", 200),
        ("0.0.0.0", f"{socket.gethostname()}:PORT", 200),
        ("0.0.0.0", "evil.example:PORT", 403),
        ("192.168.0.7", "192.168.0.7:PORT", 200),
        ("192.168.0.7", "localhost:PORT", 403),
    ],
)
async def test_only_the_names_that_are_served_are_answered(host, asked, status):
    guarded = GuardedServer([], host=host, port=8000, token="secret")
    async for client in visited(guarded):
        jar = client.session.cookie_jar
        jar.update_cookies({guarded._cookie: guarded._pass}, client.make_url("/"))
        answer = await client.get("/", headers={"Host": asked.replace("PORT", str(client.port))})
        assert answer.status == status
        if status == 403:
            assert "is not served here" in await answer.text()


async def test_behind_a_proxy_its_address_is_served():
    url = "https://images.example.org"
    given = values.address("https://Images.Example.org:443/")
    guarded = GuardedServer([], host="127.0.0.1", port=8000, token="a b", url=given)
    assert guarded.address == f"{url}/?token=a%20b"
    async for client in visited(guarded):
        asked = {"Host": "images.example.org", "Origin": url}
        answer = await client.get("/?token=a b", headers=asked, allow_redirects=False)
        assert answer.status == 303
        assert "Secure" in answer.headers["Set-Cookie"]


async def test_an_app_of_its_own_runs_behind_each_socket(client, apps):
    path = await enter(client)
    here = {"Origin": f"http://{client.host}:{client.port}"}
    async with client.ws_connect(f"{path}?width=100&height=30", headers=here) as browser:
        await browser.send_str(json.dumps(["stdin", "q"]))
        await browser.send_str(json.dumps(["ping", 7]))
        assert await browser.receive_json(timeout=30) == ["pong", "7"]
    (app,) = apps
    assert app.arguments == ["--version"]
    assert app.told == [(100, 30), b"q", "stop"]


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{",
        "[]",
        "{}",
        "7",
        '["stdin"]',
        '["stdin", 7]',
        '["resize", {}]',
        '["resize", 7]',
        '["resize", {"width": "x", "height": null}]',
        '["resize", {"width": 1e999, "height": 1}]',
        "[" * 9000,
        '["nothing"]',
        '["stdin", "\\ud800"]',
    ],
)
async def test_what_a_page_says_without_sense_is_passed_over(client, apps, message):
    async with client.ws_connect(await enter(client)) as browser:
        await browser.send_str(message)
        await browser.send_str(json.dumps(["ping", 7]))
        assert await browser.receive_json(timeout=30) == ["pong", "7"]
    assert apps[0].told == [(80, 24), "stop"]


async def test_too_many_pages_are_told_so(client, apps, monkeypatch):
    monkeypatch.setattr(serving, "MOST_APPS", 1)
    path = await enter(client)
    async with client.ws_connect(path) as first:
        await first.send_str(json.dumps(["ping", 7]))
        await first.receive_json(timeout=30)
        async with client.ws_connect(path) as second:
            assert b"too many are open" in await second.receive_bytes(timeout=30)
            assert (await second.receive(timeout=30)).type == WSMsgType.CLOSE
    assert len(apps) == 1


@pytest.mark.parametrize(
    ("host", "url", "warned"),
    [
        ("127.0.0.1", None, False),
        ("localhost", None, False),
        ("::1", None, False),
        ("0.0.0.0", None, True),
        ("192.168.0.7", "http://a.example", True),
        ("0.0.0.0", "https://a.example", False),
    ],
)
async def test_plain_http_beyond_this_machine_is_warned_of(capsys, host, url, warned):
    guarded = GuardedServer([], host=host, port=8000, url=url)
    await guarded.on_startup(await guarded._make_app())
    told = capsys.readouterr().err
    assert guarded.address in told
    assert ("plain HTTP: anyone on the network in between can read" in told) == warned


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
        (["serve", "--host", "no.such.host.invalid"], 1, "with --host"),
        (["serve", "--url", "images.example.org"], 2, "is not an address like https://"),
        (["serve", "--url", "https://a.example/path"], 2, "is not an address like https://"),
    ],
)
def test_what_cannot_be_served_is_refused_in_a_line(tmp_path, capsys, argv, status, line):
    try:
        code = main([*argv, "--home", str(tmp_path)])
    except SystemExit as leaving:
        code = leaving.code
    assert code == status
    assert line in capsys.readouterr().err


def test_what_was_said_of_the_app_before_the_command_counts_for_every_page(tmp_path, monkeypatch):
    served: list[list[str]] = []
    monkeypatch.setattr(GuardedServer, "serve", lambda self: served.append(self.arguments))
    home = ["--home", str(tmp_path)]
    assert main([*home, "serve"]) == 0
    assert main([*home, "--no-ahead", "--no-images", "serve"]) == 0
    assert served == [home, [*home, "--blocks", "none", "--no-ahead"]]
