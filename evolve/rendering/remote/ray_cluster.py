"""Renderers on a Ray cluster: one actor around a renderer process for each device.

The only module that uses Ray (Moritz et al. 2018, https://arxiv.org/abs/1712.05889), an extra. This
process is the driver, which alone has the population: actors get genomes and return pictures. They
end with the driver's connection.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

from evolve.errors import RenderError
from evolve.rendering.process.pool import Pool
from evolve.rendering.protocol import Renderer, RenderEvent, Task
from evolve.rendering.remote.host import Host
from evolve.rendering.remote.ray_access import require_access
from evolve.rendering.remote.remote_renderer import LostError, RemoteRenderer

StartThere = Callable[[Mapping[str, Any] | None], Renderer]
"""Starts a renderer, with the choices of another one if its record is given; it must be importable
there."""

TRIES = 3
"""How often joining is tried: a busy first machine may be too slow for Ray."""

THREADS = 4
"""Calls that an actor takes at once: one polls, the others command."""


def require_cluster(host: str, port: int) -> None:
    """Refuse a cluster that cannot be used, without connecting.

    Raises:
        RenderError: It cannot be used.
    """
    if find_spec("ray") is None or find_spec("grpc") is None:
        raise RenderError(
            "workers of a cluster need Ray: pip install 'fancier[ray]', on each machine"
        )
    require_access(f"{host}:{port}")


def connect(host: str, port: int) -> RayCluster:
    """Connect to a cluster that asks for a token.

    Raises:
        RenderError: It cannot be used.
    """
    require_cluster(host, port)
    os.environ.setdefault("RAY_AUTH_MODE", "token")  # Ray reads it as it is imported
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray  # an extra

    address = f"{host}:{port}"
    for left in reversed(range(TRIES)):
        try:
            with warnings.catch_warnings(), _own_signals():
                warnings.simplefilter("ignore")
                ray.init(
                    f"ray://{address}",
                    log_to_driver=False,
                    logging_level=logging.CRITICAL,
                    namespace="fancier",
                )
            break
        except Exception as error:  # of several libraries
            if not left or not isinstance(error, ConnectionError):
                why = f"cannot join the cluster at '{address}': {_in_one_line(error)}"
                raise RenderError(why) from None
    return RayCluster(ray, address)


@contextlib.contextmanager
def _own_signals() -> Iterator[None]:
    """Keep this program's signal handlers, for which Ray sets others that end it at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class RayCluster:
    """A connection to a cluster; there is one at a time."""

    def __init__(self, ray: Any, address: str) -> None:
        """Take over a connection of the module `ray`; the address is for messages."""
        self._ray, self.address = ray, address
        self.left = False
        self._actor = ray.remote(Host)

    def places(self) -> list[dict[str, Any]]:
        """Return the resources of an actor in each place: a GPU, or all CPUs of a machine.

        Raises:
            RenderError: There is no device, or the cluster is gone.
        """
        nodes = [node for node in self._guard(self._ray.nodes) if node["Alive"]]
        gpus = sum(int(node["Resources"].get("GPU", 0)) for node in nodes)
        if gpus:
            return [{"num_gpus": 1, "num_cpus": 0}] * gpus
        places = []
        for node in nodes:
            # Ray gives a process as many threads as CPUs; the machine's own resource pins it there.
            names = [key for key in node["Resources"] if key.startswith("node:")]
            own = {key: 0.001 for key in names if not key.startswith("node:__")}
            if cpus := int(node["Resources"].get("CPU", 0)):
                places.append({"num_cpus": cpus, "resources": own})
        if not places:
            raise RenderError(
                f"the cluster at '{self.address}' has no device to paint on: "
                "'ray status' shows what it has"
            )
        return places

    def pool(self, start: StartThere, *, mixed: bool = False) -> Pool:
        """Return a renderer that paints on all devices, each by what is started over there.

        Raises:
            RenderError: It has no devices, or is gone; then it is left.
        """
        try:
            places = self.places()
        except RenderError:
            self.leave()
            raise

        def put(place: int, like: Mapping[str, Any] | None) -> RemoteRenderer:
            return RemoteRenderer(partial(self._hire, places[place], partial(start, like)))

        return _RayPool(
            [put(place, None) for place in range(len(places))],
            replace=put,
            mixed=mixed,
            leave=self.leave,
        )

    def leave(self) -> None:
        """End the connection, and with it all actors, within a second."""
        self.left = True
        leaving = threading.Thread(target=self._disconnect, daemon=True)
        leaving.start()
        leaving.join(1.0)  # it may wait for a network that is gone

    def _disconnect(self) -> None:
        with contextlib.suppress(Exception):  # whatever became of it
            self._ray.shutdown()

    def _hire(self, wants: dict[str, Any], start: Callable[[], Renderer]) -> _Line:
        actor = self._guard(
            lambda: self._actor.options(
                **wants, max_concurrency=THREADS, max_restarts=0, max_task_retries=0
            ).remote(start)
        )
        there, here = self._guard(lambda: self._ray.get(actor.version.remote())), version("fancier")
        if there != here:
            raise RenderError(
                f"a worker has fancier {there}, not {here}: install the same on each machine"
            )
        return _Line(self, actor)

    def _guard(self, call: Callable[[], Any]) -> Any:
        """Return what `call` returns, with errors of Ray as those of fancier."""
        try:
            return call()
        except self._ray.exceptions.RayTaskError as error:  # of the code, not of the cluster
            raise RenderError(f"a worker failed: {_lines(error.cause)[0]}") from None
        except self._ray.exceptions.ActorDiedError as error:
            text = str(error)
            if "ModuleNotFoundError" in text or "RuntimeEnvSetupError" in text:
                raise RenderError(
                    "a worker cannot start: install the same fancier on each machine of the "
                    f"cluster ({_lines(text)[-1]})"
                ) from None
            raise LostError(_reason(text)) from None
        except Exception as error:  # Ray raises errors of many kinds, and bare exceptions
            if isinstance(error, ConnectionError) or not self._ray.is_initialized():
                raise RenderError(
                    f"the cluster at '{self.address}' is gone: start it again; the same command "
                    "goes on"
                ) from None
            raise LostError(_reason(str(error))) from None


class _RayPool(Pool):
    """A pool that leaves the cluster when it is closed."""

    def __init__(self, *args: Any, leave: Callable[[], None], **options: Any) -> None:
        super().__init__(*args, **options)
        self._leave = leave

    def close(self) -> None:
        self._leave()
        super().close()


class _Line:
    """The line to the host in an actor."""

    def __init__(self, cluster: RayCluster, actor: Any) -> None:
        self._cluster, self._actor = cluster, actor

    def submit(self, jobs: Sequence[Task]) -> None:
        self._cluster._guard(lambda: self._actor.submit.remote(list(jobs)))

    def cancel(self, ids: Sequence[int]) -> None:
        self._cluster._guard(lambda: self._actor.cancel.remote(list(ids)))

    def poll(self, timeout: float) -> list[RenderEvent]:
        ray = self._cluster._ray
        events: list[RenderEvent] = self._cluster._guard(
            lambda: ray.get(self._actor.poll.remote(timeout))
        )
        return events

    def close(self) -> None:
        if not self._cluster.left:  # else the actor ends with the connection
            threading.Thread(target=self._kill, daemon=True).start()

    def _kill(self) -> None:
        with contextlib.suppress(LostError, RenderError):
            self._cluster._guard(lambda: self._cluster._ray.kill(self._actor))


def _reason(text: str) -> str:
    """Return in a few words why an actor died, from the paragraphs of Ray about it."""
    lowered = text.lower()
    for sign, reason in (
        ("node died", "its machine is gone"),
        ("node was terminated", "its machine is gone"),
        ("low on memory", "its machine is out of memory"),
        ("worker process has died", "its process died"),
        ("ray.kill", "it was stopped"),
        ("unavailable", "it cannot be reached"),
    ):
        if sign in lowered:
            return reason
    return _lines(text)[0]


def _in_one_line(error: Exception) -> str:
    """Return the text of an error in one line; the last one if it has a traceback."""
    lines = _lines(error)
    return lines[-1] if any("Traceback" in line for line in lines) else " ".join(lines)


def _lines(error: object) -> list[str]:
    return [line.strip() for line in str(error).splitlines() if line.strip()] or [repr(error)]
