"""A Ray cluster on this machine: several nodes, each with one CPU, and a token."""

import contextlib
import logging
import os
import secrets
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from evolve.errors import RenderError
from evolve.rendering.remote.ray_access import require_access


@contextlib.contextmanager
def cluster(nodes: int) -> Iterator[int]:
    """Start a cluster of so many nodes, and give the port of its client server."""
    token = secrets.token_hex(16)
    os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=token, RAY_USAGE_STATS_ENABLED="0")
    # The workers import the renderer that sleeps from here.
    here = str(Path(__file__).parents[2])
    os.environ["PYTHONPATH"] = os.pathsep.join([here, *filter(None, [os.getenv("PYTHONPATH")])])
    from ray.cluster_utils import Cluster

    logging.disable(logging.WARNING)
    port = _free_port()
    common = {"num_cpus": 1, "num_gpus": 0, "object_store_memory": 100 * 2**20}
    head = {**common, "ray_client_server_port": port, "include_dashboard": False}
    made = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(nodes - 1):
            made.add_node(**common)
        _wait_for(port)
        yield port
    finally:
        made.shutdown()


def _wait_for(port: int) -> None:
    """Wait until the cluster lets this program in; on a busy machine that takes a while."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return require_access(f"127.0.0.1:{port}")
        except RenderError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _free_port() -> int:
    """Return a port below those that Ray gives to its workers."""
    for port in range(9300, 9999):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("no port is free")
