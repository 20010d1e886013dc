"""The app in a browser: textual-serve behind a token.

Whoever can reach the port could otherwise use the app, and so could any web page that is open in
the same browser; so a token is needed on the own machine, too. It comes with the first address and
is kept in a cookie that no other site can make the browser send.
"""

from __future__ import annotations

import logging
import secrets
import shlex
import sys
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web
from textual_serve.server import Server

COOKIE = "fancier"
HEADERS = {
    "Content-Security-Policy": "default-src 'self' 'unsafe-inline' data: blob:; connect-src 'self'",
    "Referrer-Policy": "no-referrer",
}
"""The page asks nobody else for anything, and tells nobody the address with the token."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class GuardedServer(Server):
    """Serves one command, a process of its own for each page that is opened."""

    def __init__(
        self, arguments: Sequence[str], *, host: str, port: int, token: str | None = None
    ) -> None:
        """Prepare to serve `fancier` with these arguments."""
        command = shlex.join([sys.executable, "-m", "tui.cli", *arguments])
        super().__init__(command, host=host, port=port, title="fancier")
        self.token = token or secrets.token_urlsafe(24)

    @property
    def address(self) -> str:
        """The address to open first."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{shown}:{self.port}/?token={self.token}"

    def initialize_logging(self) -> None:
        """Leave the log to what goes wrong."""
        logging.basicConfig(level=logging.WARNING, format="fancier: %(message)s")

    async def on_startup(self, app: web.Application) -> None:
        """Say where the app is."""
        print(f"fancier is at {self.address}\nctrl-c stops it", file=sys.stderr)

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._guard)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let through who has the token."""
        given = request.query.get("token")
        shown = given or request.cookies.get(COOKIE, "")
        if not secrets.compare_digest(shown.encode(), self.token.encode()):
            raise web.HTTPForbidden(text="open the address that 'fancier serve' printed\n")
        # The page names the address by which it was asked for: there may be several.
        self.public_url = f"{request.scheme}://{request.host}"
        response = await handler(request)
        if not response.prepared:  # else it is the socket, which has neither
            response.headers.update(HEADERS)
            if given:
                response.set_cookie(COOKIE, self.token, httponly=True, samesite="Strict")
        return response
