"""`fancier paint`: paint the individuals that have no picture yet."""

from __future__ import annotations

import time
from argparse import ArgumentParser

from tui.cli import options, values, workers
from tui.cli.output import complain, counting, note, say

SUMMARY = "paint the individuals that have no picture yet"


class Options(workers.WorkerOptions):
    name: str
    ids: tuple[int, ...] | None


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument(
        "--ids",
        type=values.ids,
        metavar="ID,ID",
        help="paint only these, including ones that failed before",
    )
    workers.declare(parser)
    options.device(parser)
    options.as_json(parser)


def run(args: Options) -> int:
    """Paint the unpainted, or the given ids."""
    from populations.studio.opening import open_saved
    from populations.studio.studio import Studio

    started = time.monotonic()
    painted: list[int] = []
    failed: dict[int, str] = {}
    passes = 0
    hired = workers.workers_of(args)
    population = open_saved(args.home, args.name)
    with Studio(population, workers=hired) as studio, counting("painting") as show:
        ids = args.ids or studio.population.unpainted()
        total = len(set(ids))
        if total:
            note(studio.model_change)
            show(0, total)
        for picture in studio.paint(ids):
            if picture.picture is None:
                failed[picture.individual] = picture.error
            else:
                painted.append(picture.individual)
                passes = picture.passes
            show(len(painted) + len(failed), total)
    data = {
        "painted": sorted(painted),
        "failed": sorted(failed),
        "seconds": round(time.monotonic() - started, 3),
        "passes": passes,
    }
    say(args, data, f"painted {len(painted)}" + (f", {len(failed)} failed" if failed else ""))
    for i, why in failed.items():
        complain(f"individual {i} could not be painted: {why}")
    return 1 if failed else 0
