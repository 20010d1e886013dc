"""`fancier serve`: the app in a browser."""

from __future__ import annotations

from typing import Any

from evolve.errors import FancierError
from tui.cli import opening


def run(args: Any) -> int:
    """Serve until interrupted."""
    try:
        from tui.serve.ports import free_port
        from tui.serve.serving import GuardedServer
    except ImportError:
        raise FancierError(
            "serving needs textual-serve: install it with pip install 'fancier[serve]'"
        ) from None
    home = opening.home_at(args.home)
    arguments = ["--home", str(home)]
    if args.name is not None:
        opening.open_population(
            home, args.name, write=False
        ).close()  # complains at once if there is none
        arguments += ["open", args.name]
    port = args.port or free_port(args.host)
    server = GuardedServer(arguments, host=args.host, port=port, token=args.token, url=args.url)
    try:
        server.serve()
    except OSError as error:
        raise FancierError(
            f"cannot serve at {args.host}:{port}: {error.strerror or error}; choose another "
            "with --port"
        ) from None
    return 0
