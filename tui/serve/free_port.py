"""Which port to serve at when a person names none."""

from __future__ import annotations

import contextlib
import socket

FIRST = 8000
TRIED = 20


def require_free(host: str, port: int) -> None:
    """Listen once and stop again, so that no address is shown where nobody will answer.

    Raises:
        OSError: Nobody can listen there: `host` is not of this machine, or `port` is taken.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tried.bind(address)


def free_port(host: str) -> int:
    """Return the first free port from 8000 on, or 8000 if none of twenty can be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
    except OSError:
        return FIRST  # whoever listens there says what is wrong
    for port in range(FIRST, FIRST + TRIED):
        with socket.socket(family, kind, protocol) as tried, contextlib.suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((address[0], port, *address[2:]))
            return port
    return FIRST
