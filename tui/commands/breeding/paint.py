"""`fancier paint`: paint what has no picture yet."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from contextlib import closing

from evolve.errors import RenderError
from tui.cli import opening, options, values
from tui.cli.fetching import require_here
from tui.cli.output import complain, progress, say

SUMMARY = "paint what has no picture yet"


class Options(options.Common):
    """What `fancier paint` is asked with."""

    name: str
    ids: tuple[int, ...] | None


def declare(parser: ArgumentParser) -> None:
    """Add its options."""
    options.population(parser)
    parser.add_argument(
        "--ids", type=values.ids, metavar="ID,ID", help="only these, also if failed before"
    )
    options.device(parser, default=options.UNLESS_BEFORE)
    options.as_json(parser)


def run(args: Options) -> int:
    """Paint the unpainted, or the given ids."""
    from evolve.rendering.protocol import Broken, Failed, Finished, Job, as_render

    started = time.monotonic()
    painted: list[int] = []
    failed: list[int] = []
    reasons: dict[int, str] = {}
    passes = 0
    with closing(opening.open_population(args.home, args.name)) as population:
        ids = list(dict.fromkeys(args.ids or population.unpainted()))
        opening.require(population, ids)
        waiting = set(ids)
        if waiting:
            require_here(str(population.config["model"]))
            with (
                closing(opening.renderer_for(population)()) as renderer,
                progress("painting") as bar,
            ):
                task = bar.add_task("", total=len(ids), note="")
                renderer.submit([Job(i, population.genome(i)) for i in ids])
                while waiting:
                    for event in renderer.poll(0.2):
                        if isinstance(event, Broken):
                            raise RenderError(event.error)
                        if isinstance(event, Finished):
                            painted.append(event.id)
                            passes = event.passes
                        elif isinstance(event, Failed):
                            failed.append(event.id)
                            reasons[event.id] = event.error
                        else:
                            continue
                        population.append([as_render(event)])
                        waiting.discard(event.id)
                        bar.advance(task)
    seconds = round(time.monotonic() - started, 3)
    data = {
        "painted": sorted(painted),
        "failed": sorted(failed),
        "seconds": seconds,
        "passes": passes,
    }
    say(args, data, f"painted {len(painted)}" + (f", {len(failed)} failed" if failed else ""))
    for i in failed:
        complain(f"{i} could not be painted: {reasons[i]}")
    return 1 if failed else 0
