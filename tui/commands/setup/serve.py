"""`fancier serve`: the app in a browser."""

from __future__ import annotations

import errno
from argparse import ArgumentParser

from evolve.errors import FancierError
from tui.cli import completion, opening, options, values
from tui.serve.free_port import free_port, require_free

SUMMARY = "serve the app to a browser"


class Options(options.Common):
    name: str | None
    host: str
    port: int | None
    token: str | None
    url: str | None


def declare(parser: ArgumentParser) -> None:
    name = parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="population to open (default: the list of populations)",
    )
    completion.completed(name, completion.populations)
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port",
        type=values.port,
        metavar="P",
        help="port to listen on (default: the first free one from 8000)",
    )
    parser.add_argument("--token", metavar="T", help="access token (default: a new random one)")
    parser.add_argument(
        "--url",
        type=values.address,
        metavar="URL",
        help="public address if browsers connect through a proxy: https://NAME",
    )
    options.device(parser)


def run(args: Options) -> int:
    """Serve until interrupted."""
    try:
        from tui.serve.serving import GuardedServer
    except ImportError:
        raise FancierError(
            "serving needs textual-serve: install it with pip install 'fancier[serve]'"
        ) from None
    home = opening.home_at(args.home)
    arguments = ["--home", str(home)]
    if args.blocks is not None:
        arguments += ["--blocks", args.blocks]
    if not args.ahead:
        arguments.append("--no-ahead")
    if args.name is not None:
        from populations.studio.opening import open_saved

        open_saved(home, args.name, write=False).close()  # complains at once if there is none
        arguments += ["open", args.name]
    port = args.port or free_port(args.host)
    server = GuardedServer(arguments, host=args.host, port=port, token=args.token, url=args.url)
    try:
        require_free(args.host, port)
        server.serve()
    except OSError as error:
        of_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        cure = "port with --port" if of_port else "address of this machine with --host"
        raise FancierError(
            f"cannot serve at {args.host}:{port}: {error.strerror or error}; choose another {cure}"
        ) from None
    return 0
