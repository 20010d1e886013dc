"""Do large populations open, rate and breed as fast as small ones?

Builds synthetic populations in a temporary folder and measures, in a process of its own for each:
opening to the pictures of the first page, one rating saved, 16 newborns saved, one page bred, and
the largest memory used. In one more process it opens what the app shows: the page with the
pictures of the first page and the details of one of them; then it rates through the app
and a session, until the session says that it is saved. Imports and the terminal are not in it.
Times are wall-clock, except where CPU time is named, which a busy machine changes less.

What is assumed: generations of 12 with two parents each, all painted and scored, the pictures of
the last 1,000 kept, 2 of 100 rated up to 20,000, and noise of shape 4x2x2 (as large as it is, noise
is read only for those who breed or are painted). Files are in the cache of the system.

    python -m benchmarks.scale [--sizes 1000,100000,1000000] [--folder /somewhere]
"""

import argparse
import json
import queue
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scripting.command_line import parser_of
from evolve import procfs

SHAPE = (4, 2, 2)
PAGE = 12
KEPT = 1000
"""Pictures that are kept."""
RATINGS = 20_000
BATCH = 16_384
"""Individuals per commit while building."""


def build(home: Path, count: int) -> Path:
    """Write a population of `count` individuals, and return its folder."""
    from benchmarks.running.flat import CONFIG, found
    from populations.format.ledger import Ledger

    path = found(home, str(count))
    ledger = Ledger(path, write=True)
    rng = np.random.default_rng(1)
    genome = json.dumps({part: CONFIG[part] for part in ("prompt", "settings")})
    for first in range(0, count, BATCH):
        ids = np.arange(first, min(first + BATCH, count))
        ledger.commit(_rows(rng, ids, count, genome), rated=0)
    rated = np.sort(rng.choice(count, min(RATINGS, count // 50), replace=False))
    events: dict[str, Sequence[Any] | NDArray[Any]] = {
        "individual": rated,
        "kind": [0] * len(rated),
        "value": rng.integers(1, 6, len(rated)),
        "page": rated // PAGE,
        "info": ['{"by":"person"}'] * len(rated),
    }
    ledger.commit({"events": events}, rated=len(rated))
    return path


def _rows(
    rng: np.random.Generator, ids: np.ndarray[Any, Any], count: int, genome: str
) -> dict[str, dict[str, Any]]:

    from populations.format import checksums, picture_bytes
    from populations.format.schema import DROPPED, MAX_PARENTS

    noises = rng.standard_normal((len(ids), *SHAPE)).astype(np.float16)
    parents = np.full((len(ids), MAX_PARENTS), -1)
    bred = ids >= 2 * PAGE
    page = ids[bred] // PAGE * PAGE
    parents[bred, 0] = page - 1 - rng.integers(0, PAGE, bred.sum())
    parents[bred, 1] = page - 1 - rng.integers(0, 2 * PAGE, bred.sum())
    angles = rng.uniform(10, 60, len(ids))
    origins = [
        json.dumps({"operator": "cross_slerp", "params": {"step": 30.0, "angle": angle, "t": 0.4}})
        if is_bred
        else '{"operator":"found","params":{}}'
        for is_bred, angle in zip(bred, angles.tolist(), strict=True)
    ]
    picture = picture_bytes.encode(rng.integers(0, 256, (16, 16, 3), dtype=np.uint8))
    kept = ids >= count - KEPT
    return {
        "latents/4x2x2": {"data": noises},
        "individuals": {
            "generation": ids // PAGE,
            "branch": np.zeros(len(ids)),
            "parents": parents,
            "origin": origins,
            "genome": [genome] * len(ids),
            "latent_shape": np.tile(SHAPE, (len(ids), 1)),
            "latent_row": ids,
            "crc32": [checksums.of_noise(n) for n in noises],
        },
        "renders": {
            "individual": ids,
            "length": np.where(kept, len(picture), DROPPED),
            "width": [16] * len(ids),
            "height": [16] * len(ids),
            "data": [picture if k else b"" for k in kept],
            "error": [""] * len(ids),
            "record": ['{"model":"portraits","rows":12}'] * len(ids),
        },
        "scores": {
            "individual": ids,
            "scorer": ["clip"] * len(ids),
            "value": rng.normal(50, 3, len(ids)),
        },
    }


def measure(path: Path) -> dict[str, float]:
    """Return seconds and bytes of everything; the process must be a fresh one."""
    from evolve.search.individual import Verdict
    from evolve.session.archive import Judgement
    from populations import Population
    from populations.studio.opening import search_on

    result: dict[str, float] = {}
    started, spent = time.perf_counter(), time.process_time()
    with Population.open(path) as population:
        population.verdicts()
        births = population.births()
        page = np.flatnonzero(births.generations == births.generations[-1])
        assert all(births[i].generation for i in page.tolist())
        for i in page.tolist():
            population.picture(i)
        result["open"] = time.perf_counter() - started
        result["open_cpu"] = time.process_time() - spent
        started = time.perf_counter()
        search = search_on(population.config, population)
        search.tell(population.verdicts(), forget=True)
        result["search"] = time.perf_counter() - started

        times = []
        for n in range(40):
            started = time.perf_counter()
            judgement = Judgement(
                individual=len(population) - 1 - n % PAGE, kind="rate", value=n % 6
            )
            population.append([judgement])
            verdicts = population.verdicts()
            search.tell({judgement.individual: verdicts.get(judgement.individual, Verdict())})
            times.append(time.perf_counter() - started)
        result["rate_median"], result["rate_p95"] = np.quantile(times, [0.5, 0.95])

        asked, saved = [], []
        for _ in range(20):
            started = time.perf_counter()
            born = search.ask(16)
            asked.append(time.perf_counter() - started)
            started = time.perf_counter()
            population.append(born)
            saved.append(time.perf_counter() - started)
        result["first_ask"] = asked[0]
        result["ask"] = float(np.median(asked[1:]))
        result["append_median"], result["append_p95"] = np.quantile(saved, [0.5, 0.95])
        result["memory"] = _memory()
    return result


class Idle:
    """A renderer that never paints."""

    def submit(self, jobs: Sequence[Any]) -> None:
        """Do nothing."""

    def cancel(self, ids: Sequence[int]) -> None:
        """Do nothing."""

    def poll(self, timeout: float) -> list[Any]:
        """Wait for nothing."""
        time.sleep(timeout)
        return []

    def close(self) -> None:
        """Do nothing."""


def measure_app(path: Path) -> dict[str, float]:
    """Return seconds and bytes of what the app does; the process must be a fresh one."""
    from evolve.session import events
    from populations.studio.showing import saved_session
    from tui.controller.population_controller import PopulationController
    from tui.widgets.details import describe

    vars(saved_session)["renderer_for"] = lambda population, **_: Idle
    result: dict[str, float] = {}
    happened: queue.Queue[events.Event] = queue.Queue()
    started, spent = time.perf_counter(), time.process_time()
    session = saved_session.open_session(path.parent, path.name)
    controller = PopulationController(session, notify=print)
    pages = controller.pages
    assert pages.current is not None
    for card in pages.showing:
        session.archive.picture(card.id)
    describe(pages, pages.current, controller.genome(pages.current.id), 60)
    result["board"] = time.perf_counter() - started
    result["board_cpu"] = time.process_time() - spent
    session.start(happened.put)
    times = []
    for n in range(40):
        before = pages.current.rating
        started = time.perf_counter()
        controller.rate(1 + before % 5)
        while controller.durable.missing:
            controller.receive(happened.get())
        times.append(time.perf_counter() - started)
        pages.move(-1 if n % 2 else 1)
    result["desk_median"], result["desk_p95"] = np.quantile(times, [0.5, 0.95])
    session.close()
    result["board_memory"] = _memory()
    return result


def _memory() -> float:
    """Return the most memory that this process has had (where there is /proc).

    `getrusage` also counts what the process had before it became this program.
    """
    peak = procfs.size("self/status", "VmHWM")
    return float(peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


def main() -> None:
    """Build, measure and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--sizes", default="1000,100000,1000000")
    parser.add_argument("--folder", type=Path, help="keep the populations here and use them again")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--app", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.measure:
        print(json.dumps(measure(args.measure)))
        return
    if args.app:
        print(json.dumps(measure_app(args.app)))
        return

    home = args.folder or Path(tempfile.mkdtemp(prefix="fancier-scale-"))
    results: dict[int, dict[str, float]] = {}
    for count in map(int, args.sizes.split(",")):
        path = home / str(count)
        if not path.exists():
            build(home, count)
        results[count] = {}
        for what in ("--app", "--measure"):
            # Not as a file: beside it, `benchmarks/tui` would stand for `tui`.
            line = [sys.executable, "-m", "benchmarks.scale", what, str(path)]
            done = subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True)
            results[count] |= json.loads(done.stdout)
    names = {
        "open": "open to the first page, s",
        "open_cpu": "the same, CPU time, s",
        "search": "search made ready (beside it), s",
        "rate_median": "one rating saved, median s",
        "rate_p95": "one rating saved, p95 s",
        "first_ask": "16 children asked for, first time, s",
        "ask": "16 children asked for, median s",
        "append_median": "16 children saved, median s",
        "append_p95": "16 children saved, p95 s",
        "memory": "memory, MB",
        "board": "the app's first page, s",
        "board_cpu": "the same, CPU time, s",
        "desk_median": "one rating in the app, median s",
        "desk_p95": "one rating in the app, p95 s",
        "board_memory": "memory of the app's part, MB",
    }
    print(f"{'individuals':<40}" + "".join(f"{n:>12,}" for n in results))
    for key, name in names.items():
        scale, digits = (1e-6, 0) if "memory" in key else (1, 3)
        values = "".join(f"{r[key] * scale:>12.{digits}f}" for r in results.values())
        print(f"{name:<40}{values}")
    if not args.folder:
        shutil.rmtree(home)


if __name__ == "__main__":
    main()
