"""`fancier breed`: children, as the b key makes them, or inside a region only; or newcomers."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from evolve.errors import GenomeError
from tui.cli import opening, options, values
from tui.cli.output import progress, say

if TYPE_CHECKING:
    from evolve.genome.edit import Base, Box
    from populations import Population

SUMMARY = "make children, as the b key does in the app"


class Options(options.Common):
    """What `fancier breed` is asked with."""

    name: str
    branch: str
    count: int | None
    parents: tuple[int, ...]
    new: int | None
    strength: float | None
    region: tuple[float, float, float, float] | None
    depth: float | None


def declare(parser: ArgumentParser) -> None:
    """Add its options."""
    options.population(parser)
    options.branch(parser)
    parser.add_argument("--count", type=values.count, metavar="N", help="how many (one page)")
    parser.add_argument(
        "--parents", type=values.ids, default=(), metavar="ID,ID", help="of these alone"
    )
    parser.add_argument(
        "--new",
        type=values.count,
        nargs="?",
        const=0,
        metavar="N",
        help="no children: another page of the prompt, N pictures of fresh noise (one page)",
    )
    parser.add_argument(
        "--strength", type=values.degrees, metavar="DEG", help="step in degrees, 0 (a copy) to 90"
    )
    parser.add_argument(
        "--region",
        type=values.region,
        metavar="X0,Y0,X1,Y1",
        help="paint the one parent anew inside this box only: left, top, right, bottom in shares "
        "of the picture (0.3,0.6,0.7,0.9) or, above 1, in pixels; widened to whole latent cells",
    )
    parser.add_argument(
        "--depth",
        type=values.depth,
        metavar="D",
        help="how far back to pure noise painting over begins, up to 1 (all the way)",
    )
    options.device(parser, default=options.UNLESS_BEFORE)
    options.as_json(parser)


def run(args: Options) -> int:
    """Make children and save them; they are painted by `paint`, `run` or the app."""
    from evolve.search import Search
    from evolve.search.individual import Individual
    from evolve.search.plan import Plan
    from populations.core.captions import numbers

    rows: Sequence[Individual | Plan]
    with closing(opening.open_population(args.home, args.name)) as population:
        search = opening.search_on(population.config, population)
        branch = population.branch(args.branch)
        search.tell(branch.verdicts())
        count = args.new or args.count or branch.plan().page or population.page
        if args.new is not None:
            _alone(args)
            rows = search.bear(partial(Search.newcomers, count=count))
        elif args.region is None and args.depth is None:
            asked = partial(Search.ask, count=count, parents=args.parents, strength=args.strength)
            rows = search.bear(asked)
        else:
            if len(args.parents) != 1:
                raise GenomeError("--region and --depth paint one picture over: --parents ID")
            opening.require(population, args.parents)
            (parent,) = args.parents
            box = None if args.region is None else _box(args.region, population)
            rows = search.repaint(
                parent,
                _base_of(population, parent),
                count,
                box=box,
                strength=args.strength,
                depth=1.0 if args.depth is None else args.depth,
            )
        branch.append(rows)
    ids = [row.id for row in rows if isinstance(row, Individual)]
    say(
        args,
        {"name": args.name, "created": ids},
        f"bred {numbers(ids)}: paint them with 'fancier paint \"{args.name}\"'",
    )
    return 0


def _alone(args: Options) -> None:
    """Refuse what says how children are made, where none are wanted."""
    given = {
        "--parents": bool(args.parents),
        "--strength": args.strength is not None,
        "--region": args.region is not None,
        "--depth": args.depth is not None,
        "--count": bool(args.new and args.count),
    }
    if wrong := [option for option, is_given in given.items() if is_given]:
        raise GenomeError(f"--new makes pictures of fresh noise: leave out {', '.join(wrong)}")


def _box(region: Box, population: Population) -> Box:
    """Return the region in shares of the picture; where one is above 1 they are pixels."""
    from evolve.genome.edit import mask_of

    if max(region) > 1:
        width, height = population.config["size"]
        left, top, right, bottom = region
        region = left / width, top / height, right / width, bottom / height
    mask_of(region, population.config["latent"][1:])  # refused before anything is painted
    return region


def _base_of(population: Population, parent: int) -> Base:
    """Paint the parent again for its latent; its picture is the one that was seen."""
    from evolve.genome.edit import Base
    from evolve.rendering.process.paint_one import base_of

    with (
        closing(opening.renderer_for(population)()) as renderer,
        progress("painting the parent"),
    ):
        base = base_of(renderer, population.genome(parent))
    seen = population.picture(parent)
    return base if seen is None else Base(base.latent, seen)
