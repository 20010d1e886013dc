"""The app in a browser: textual-serve behind a token.

Without one, everyone who can reach the port could use the app, and so could any web page that is
open in the same browser: so it is needed on the person's own machine, too. It is part of the first
address, which leads at once to one without it. A cookie then opens the page. Cookies are sent to
every port of a host, so that another server there may learn it: to start an app takes a second
secret, which the page alone keeps. Nothing is answered under a host's name that is not served (a
name may be made to mean this machine), nor to pages from elsewhere.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
import logging
import secrets
import socket
import string
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.server import Server

from tui.cli.output import aside, complain
from tui.serve.served_app import ServedApp, bounded

PAGE = string.Template(Path(__file__).with_name("serving.html").read_text(encoding="utf-8"))
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The page asks no other host for anything, and stands in no other page's frame."""

MOST_APPS = 12
"""Apps at once: each takes a hundred megabytes, and a renderer."""

LONGEST_MESSAGE = 1 << 20
"""Bytes of what a browser sends at once: keys, or a text that is pasted."""

_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class GuardedServer(Server):
    """Serves one command, a process of its own for each page that is opened."""

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        host: str,
        port: int,
        token: str | None = None,
        url: str | None = None,
    ) -> None:
        """Prepare to serve `fancier` with these arguments.

        Args:
            arguments: Of the command, one app for each page.
            host: Address to listen at.
            port: Port to listen at.
            token: What opens the first address; a random one if not given.
            url: The address that browsers use if it is another, of a proxy that speaks HTTPS
                (`tui.cli.values.address`).
        """
        super().__init__("fancier", host=host, port=port, title="fancier")
        self.arguments = list(arguments)
        self.token = token or secrets.token_urlsafe(24)
        self.url = url
        self._cookie = f"fancier-{port}"  # of several servers on one host each keeps its own
        self._pass, self._key = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._sockets: set[web.WebSocketResponse] = set()

    @property
    def address(self) -> str:
        """The address to open first."""
        shown = socket.gethostname() if _is_any(self.host) else self.host
        shown = f"[{shown}]" if ":" in shown else shown
        return f"{self.url or f'http://{shown}:{self.port}'}/?token={quote(self.token, safe='')}"

    def initialize_logging(self) -> None:
        """Leave the log to what goes wrong."""
        logging.basicConfig(level=logging.WARNING, format="fancier: %(message)s")

    async def on_startup(self, app: web.Application) -> None:
        """Print where the app is, and warn of plain HTTP."""
        aside(f"fancier is at {self.address}\nctrl-c stops it")
        if not _is_loopback(self.host) and not (self.url or "").startswith("https:"):
            complain(
                "plain HTTP: anyone on the network in between can read and use it; "
                "leave out --host and connect through 'ssh -L "
                f"{self.port}:127.0.0.1:{self.port} HOST', or put a proxy with HTTPS in front"
            )

    async def on_shutdown(self, app: web.Application) -> None:
        """End the apps at once, which would otherwise be waited for."""
        for one in list(self._sockets):
            await one.close(code=WSCloseCode.GOING_AWAY)

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self.handle_index),
                web.get("/ws/{key}", self.handle_websocket),
                web.get("/download/{key}", self.handle_download),
                web.static("/static", self.statics_path),
            ]
        )
        app.on_startup.append(self.on_startup)
        app.on_shutdown.append(self.on_shutdown)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let requests through that have the token and name an address that is served."""
        if not self._is_served(request):
            raise web.HTTPForbidden(
                text=f"'{request.host}' is not served here: open the address that 'fancier serve' "
                "printed, or name this one with --url\n"
            )
        if not self._is_from_here(request):
            raise web.HTTPForbidden(text="pages from elsewhere are not accepted\n")
        given = request.query.get("token")
        if given is not None and request.path == "/" and _same(given, self.token):
            # What follows # is not sent.
            answer: web.StreamResponse = web.Response(
                status=303, headers={"Location": f"/#{self._key}"}
            )
            secure = (self.url or "").startswith("https:")
            answer.set_cookie(
                self._cookie, self._pass, httponly=True, samesite="Strict", secure=secure
            )
            answer.headers.update(HEADERS)
            return answer
        if given is not None or not _same(request.cookies.get(self._cookie, ""), self._pass):
            raise web.HTTPForbidden(text="open the address that 'fancier serve' printed\n")
        answer = await handler(request)
        if not answer.prepared:  # else it is the socket, which has no headers any more
            answer.headers.update(HEADERS)
        return answer

    def _is_served(self, request: web.Request) -> bool:
        if self.url and request.host.lower() == urlsplit(self.url).netloc:
            return True
        try:
            asked = urlsplit(f"//{request.host}")
            name, port = (asked.hostname or "").lower(), asked.port or 80
        except ValueError:
            return False
        here = request.transport.get_extra_info("sockname") if request.transport else None
        if here is None or port != here[1]:
            return False
        if _is_loopback(self.host):
            return name in ("localhost", self.host.lower()) or _is_loopback(name)
        names = {self.host.lower(), str(here[0])}
        if _is_any(self.host):
            own = socket.gethostname().lower()
            names |= {"localhost", own, f"{own}.local", socket.getfqdn().lower()}
            return name in names or _is_number(name)
        return name in names

    def _is_from_here(self, request: web.Request) -> bool:
        """Return whether a page of this server asks, a person who opens it, or no browser."""
        origin = request.headers.get("Origin")
        if origin is not None and origin not in (f"http://{request.host}", self.url):
            return False
        site = request.headers.get("Sec-Fetch-Site", "none")
        opened = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.path == "/"
        return site in ("none", "same-origin") or opened

    async def handle_index(self, request: web.Request) -> web.Response:
        """Return the page."""
        nonce = secrets.token_urlsafe(16)
        size = request.query.get("fontsize", "")
        size = str(bounded(int(size), 6, 60)) if size.isdecimal() and len(size) < 4 else "16"
        return web.Response(
            text=PAGE.substitute(nonce=nonce, size=size),
            content_type="text/html",
            headers={"Content-Security-Policy": POLICY.format(nonce=nonce)},
        )

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run an app as long as the socket is open."""
        if not _same(request.match_info["key"], self._key):
            raise web.HTTPForbidden(text="open the address that 'fancier serve' printed\n")
        browser = web.WebSocketResponse(heartbeat=15, max_msg_size=LONGEST_MESSAGE)
        await browser.prepare(request)
        if len(self._sockets) >= MOST_APPS:
            await browser.send_bytes(b"\x1b[2J\x1b[Htoo many are open: close another page first")
            await browser.close()
            return browser
        self._sockets.add(browser)
        app = ServedApp(
            self.arguments,
            write_bytes=browser.send_bytes,
            write_str=browser.send_str,
            close=browser.close,
            download_manager=self.download_manager,
        )
        try:
            await app.start(_size(request, "width", 80), _size(request, "height", 24))
            async for message in browser:
                if message.type == WSMsgType.TEXT:
                    with contextlib.suppress(*_MALFORMED):
                        await _pass_on(json.loads(message.data), browser, app)
        finally:
            self._sockets.discard(browser)
            await app.stop()
        return browser


async def _pass_on(message: Any, browser: web.WebSocketResponse, app: ServedApp) -> None:
    """Pass on a message of a page; an invalid one raises an error."""
    kind = message[0]
    if kind == "stdin":
        await app.send_bytes(message[1].encode("utf-8"))
    elif kind == "resize":
        await app.set_terminal_size(int(message[1]["width"]), int(message[1]["height"]))
    elif kind == "ping":
        await browser.send_json(["pong", str(message[1])[:100]])
    elif kind == "blur":
        await app.blur()
    elif kind == "focus":
        await app.focus()


def _size(request: web.Request, name: str, default: int) -> int:
    given = request.query.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 9 else default


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)


def _is_any(host: str) -> bool:
    return _is_number(host) and ipaddress.ip_address(host).is_unspecified
