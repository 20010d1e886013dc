"""Does a run stay within memory, however long it is and however many there are already?

A renderer that paints flat colours at once, so that only the run is measured; the population is on
disk. In a process of its own each: a run from nothing to 10,000 pictures, and a run of some
generations on a population of a million that is there (as in `benchmarks.scale`). Shown is the
memory in use (VmRSS) as it goes, the most there was, and the CPU time of a generation.

    python -m benchmarks.running.memory [--images 10000] [--there 1000000] [--strategy evolve]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.running.flat import Flat, Redness, found
from benchmarks.scale import build
from benchmarks.scripting.command_line import parser_of
from evolve import procfs
from evolve.models.catalog import describe
from evolve.scoring.fitness import Fitness
from evolve.session.headless.progress import Progress
from populations.core.population import Population
from populations.studio.running.run import run
from populations.studio.running.run_request import RunRequest

MORE = 240
"""Individuals that are bred on top of those that are there."""
LOOKS = 10


def measure(path: Path, request: RunRequest) -> dict[str, Any]:
    """Run, and return what was seen; the process must be a fresh one."""
    seen: list[tuple[int, float, float]] = []
    with Population.open(path) as population:
        there = len(population)
        assert request.images is not None
        every = max(1, (request.images - there) // LOOKS)
        before = _memory("VmRSS")
        spent = time.process_time()

        def look(progress: Progress) -> None:
            if not seen or progress.images >= seen[-1][0] + every:
                seen.append((progress.images, _memory("VmRSS"), time.process_time() - spent))

        result = run(
            population.branch("main"),
            request,
            card=describe("portraits"),
            start=Flat,
            fitness=Fitness((Redness(),)),
            on_progress=look,
        )
        generations = result.progress.generations - there // population.page
    return {
        "before": before,
        "seen": seen,
        "most": _memory("VmHWM"),
        "cpu": time.process_time() - spent,
        "generations": generations,
    }


def _memory(what: str) -> float:
    return float(procfs.size("self/status", what) or 0)


def main() -> None:
    """Build, measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--images", type=int, default=10_000)
    parser.add_argument("--there", type=int, default=1_000_000)
    parser.add_argument("--strategy", default="evolve")
    parser.add_argument("--measure", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        path, images = Path(args.measure[0]), int(args.measure[1])
        request = RunRequest(images=images, strategy=args.strategy, reserve=0)
        print(json.dumps(measure(path, request)))
        return
    with tempfile.TemporaryDirectory(prefix="fancier-memory-") as folder:
        tasks = {"from nothing": (found(Path(folder), "new"), args.images)} if args.images else {}
        if args.there:
            tasks["on many"] = (build(Path(folder), args.there), args.there + MORE)
        for what, (path, images) in tasks.items():
            line = [sys.executable, "-m", "benchmarks.running.memory", "--strategy", args.strategy]
            line += ["--measure", str(path), str(images)]
            done = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True)
            _show(f"{what}, {args.strategy}", json.loads(done.stdout))


def _show(what: str, result: dict[str, Any]) -> None:
    print(f"\n{what}: {result['before'] / 1e6:.0f} MB when the population is open")
    print(f"{'pictures':>12}{'MB':>10}{'CPU s':>10}")
    for images, memory, cpu in result["seen"]:
        print(f"{images:>12,}{memory / 1e6:>10.0f}{cpu:>10.1f}")
    each = result["cpu"] / max(1, result["generations"])
    print(
        f"most {result['most'] / 1e6:.0f} MB; {each * 1e3:.0f} ms of CPU a generation", flush=True
    )


if __name__ == "__main__":
    main()
