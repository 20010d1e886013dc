"""Which port to serve at when a person names none."""

from __future__ import annotations

import errno
import socket

FIRST = 8000
TRIED = 20


def require_free(host: str, port: int) -> None:
    """Listen once and stop again, so that no address is shown that cannot be served.

    A name may have several addresses. Those that this machine lacks are passed over while others
    are left: `localhost` has one of IPv6 where that is switched off, too.

    Raises:
        OSError: `host` is not of this machine, or `port` is taken.
    """
    missing: OSError | None = None
    listened = False
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        try:
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
            listened = True
        except OSError as error:
            if error.errno not in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                raise
            missing = error
    if missing is not None and not listened:
        raise missing


def free_port(host: str) -> int:
    """Return the first free port from 8000 on, or 8000 if none of twenty can be had."""
    for port in range(FIRST, FIRST + TRIED):
        try:
            require_free(host, port)
        except socket.gaierror:
            return FIRST  # the server reports what is wrong
        except OSError:
            continue
        return port
    return FIRST
