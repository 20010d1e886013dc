"""Which renderers paint side by side: some on this machine, or those of a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from evolve.errors import RenderError

RAY = "ray"
PORT = 10001
"""Default port of Ray for programs outside of the cluster."""
MOST = 64
"""Renderers on one machine at most."""


@dataclass(frozen=True, slots=True)
class Workers:
    """Where a population is painted."""

    count: int = 1
    """Renderers on this machine; without effect if there is a cluster."""
    cluster: tuple[str, int] | None = None
    """Host and port of a Ray cluster, in which each device gets a renderer."""
    mixed: bool = False
    """Whether devices of different kinds may paint, so that a picture depends on its device."""


def parse_workers(text: str) -> Workers:
    """Return the workers that `text` names: a number, `ray`, or `ray://HOST[:PORT]`.

    `ray` alone is this machine, from which a tunnel may lead elsewhere.

    Raises:
        RenderError: It is none of these.
    """
    try:
        if text.isdecimal() and 1 <= int(text) <= MOST:
            return Workers(int(text))
        parts = urlsplit(text if "://" in text else f"{text}://")
        named = parts.scheme == RAY and not (parts.path.strip("/") or parts.query or parts.username)
        named = named and (parts.hostname is not None or text == RAY)
        where = (parts.hostname or "127.0.0.1", parts.port or PORT)
    except ValueError:  # too many digits, an invalid port, a bracket alone
        named = False
    if not named:
        raise RenderError(
            f"unknown workers '{text}': give a number from 1 to {MOST}, or ray://HOST:{PORT}"
        )
    return Workers(cluster=where)
