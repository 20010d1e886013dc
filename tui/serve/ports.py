"""Which port to serve at when a person names none."""

from __future__ import annotations

import socket

FIRST = 8000
TRIED = 20


def free_port(host: str) -> int:
    """Return the first free port from 8000 on, or 8000 if none of twenty can be had."""
    for port in range(FIRST, FIRST + TRIED):
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
        except OSError:
            continue
        return port
    return FIRST
