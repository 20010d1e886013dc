"""Renderers on a Ray cluster: what each place is given, and, where Ray is installed, a real one."""

import subprocess
import sys
import types
from importlib.util import find_spec
from typing import Any

import pytest
from fakes import FakeRenderer

from evolve.errors import RenderError
from evolve.rendering.remote.ray_cluster import RayCluster, _reason


def cluster_of(*resources: dict[str, float], dead: int = 0) -> RayCluster:
    nodes = [{"Alive": n >= dead, "Resources": each} for n, each in enumerate(resources)]
    ray: Any = types.SimpleNamespace(nodes=lambda: nodes, remote=lambda kind: kind)
    return RayCluster(ray, "10.0.0.1:10001")


def test_every_gpu_of_a_cluster_is_a_place() -> None:
    cluster = cluster_of({"CPU": 8.0}, {"CPU": 4.0, "GPU": 2.0}, {"GPU": 1.0})
    assert cluster.places() == [{"num_gpus": 1, "num_cpus": 0}] * 3
    assert len(cluster_of({"GPU": 4.0}, {"GPU": 1.0}, dead=1).places()) == 1


def test_without_gpus_every_machine_is_a_place_with_all_its_cpus() -> None:
    head = {"CPU": 4.0, "node:10.0.0.1": 1.0, "node:__internal_head__": 1.0}
    assert cluster_of(head, {"CPU": 2.0, "node:10.0.0.2": 1.0}).places() == [
        {"num_cpus": 4, "resources": {"node:10.0.0.1": 0.001}},
        {"num_cpus": 2, "resources": {"node:10.0.0.2": 0.001}},
    ]


def test_a_cluster_without_devices_is_refused() -> None:
    with pytest.raises(RenderError, match=r"at '10\.0\.0\.1:10001' has no device to paint on"):
        cluster_of({"memory": 1.0}).places()


def test_a_cluster_that_cannot_be_used_is_left_with_one_line() -> None:
    def gone() -> list[dict[str, Any]]:
        raise ConnectionError("Client is shutting down\nTraceback")

    left: list[str] = []
    for nodes, line in ((gone, "is gone: start it again"), (list, "has no device to paint on")):
        ray: Any = types.SimpleNamespace(
            nodes=nodes,
            remote=lambda kind: kind,
            shutdown=lambda line=line: left.append(line),
            exceptions=types.SimpleNamespace(RayTaskError=EOFError, ActorDiedError=EOFError),
        )
        with pytest.raises(RenderError, match=line):
            RayCluster(ray, "10.0.0.1:10001").pool(lambda like: FakeRenderer())
        assert left.pop() == line


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The actor died.\n\tits worker process has died. Maybe OOM: memory", "its process died"),
        ("The actor is dead because its node died.", "its machine is gone"),
        ("killed due to the node running low on memory", "its machine is out of memory"),
        ("The actor is temporarily unavailable: RpcError", "it cannot be reached"),
        ("\n  something else\nand more", "something else"),
    ],
)
def test_why_a_worker_is_lost_is_said_in_few_words(text: str, reason: str) -> None:
    assert _reason(text) == reason


@pytest.mark.skipif(find_spec("ray") is None, reason="needs the extra fancier[ray]")
def test_a_real_cluster_breeds_as_one_process_though_its_workers_are_killed() -> None:
    line = [sys.executable, "-m", "benchmarks.running.workers"]
    line += ["--pictures", "24", "--rounds", "1", "--images", "64"]
    done = subprocess.run(line, check=True, capture_output=True, text=True)  # Ray leaves files open
    assert done.stdout.count("a worker is lost, another is asked for: its process died") == 2
    assert "painted 64, twice 0\nlost 0\n" in done.stdout
    assert done.stdout.count("as with one worker, in order: True") == 3
