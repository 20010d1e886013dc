"""`fancier breed`: children, as the b key makes them, or inside a region only; or newcomers."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import TYPE_CHECKING, Literal

from evolve.errors import GenomeError
from tui.cli import options, values
from tui.cli.output import busy, counting, note, say

if TYPE_CHECKING:  # numpy comes with it
    from evolve.genome.masks import Box

SUMMARY = "breed children, like the b key in the app"


class Options(options.Common):
    name: str
    branch: str | None
    count: int | None
    parents: tuple[int, ...]
    new: int | None
    strength: float | None
    size: float | None
    by: Literal["taste", "ratings"] | None
    among: int | None
    drafts: bool
    region: Box | None
    depth: float | None
    words: str


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    options.branch(parser)
    parser.add_argument(
        "--count", type=values.count, metavar="N", help="number of children (default: one page)"
    )
    parser.add_argument(
        "--parents",
        type=values.ids,
        default=(),
        metavar="ID,ID",
        help="breed from these only (default: from the best)",
    )
    parser.add_argument(
        "--new",
        type=values.count,
        nargs="?",
        const=0,
        metavar="N",
        help="no children: N new founders from the prompt and fresh noise (default: one page)",
    )
    _declare_measure(parser)
    _declare_choice(parser)
    parser.add_argument(
        "--drafts",
        action="store_true",
        help="a page of drafts, twice as many: 'fancier open' paints them half way, and to the end "
        "those that you like",
    )
    _declare_place(parser)
    options.device(parser)
    options.as_json(parser)


def _declare_measure(parser: ArgumentParser) -> None:
    """Add the options for how far children go."""
    parser.add_argument(
        "--size",
        type=values.distance,
        metavar="SIZE",
        help="how far from its parent each child is to be in the picture: subtle, visible, bold, "
        "or a number up to 1, as far as another founder; drafts are painted to find out",
    )
    parser.add_argument(
        "--step",
        "--strength",
        dest="strength",
        type=values.degrees,
        metavar="DEG",
        help="for experts, instead of a size: the step of the noise in degrees, 0 (a copy) to 90",
    )


def _declare_choice(parser: ArgumentParser) -> None:
    """Add the options for how the page is chosen."""
    parser.add_argument(
        "--by",
        choices=("taste", "ratings"),
        help="what the page is bred by: what was learnt from all your answers (see 'fancier "
        "taste'), or the rating of each alone (default: as planned, or as it was founded)",
    )
    parser.add_argument(
        "--among",
        type=values.count,
        metavar="N",
        help="with --by taste: paint N candidates, bolder ones, and keep the page of them that you "
        "should like most, with a few to learn more from (default: nothing is painted)",
    )


def _declare_place(parser: ArgumentParser) -> None:
    """Add the options for repainting a part of one picture."""
    parser.add_argument(
        "--region",
        type=values.region,
        metavar="X0,Y0,X1,Y1",
        help="repaint the one parent inside this box only: left, top, right, bottom, as fractions "
        "of the picture (0.3,0.6,0.7,0.9) or, above 1, in pixels; widened to whole latent cells",
    )
    parser.add_argument(
        "--depth",
        type=values.depth,
        metavar="D",
        help="how much of the picture to repaint: near 0 = hardly any, 1 = completely (default: 1)",
    )
    parser.add_argument(
        "--words",
        default="",
        metavar="TEXT",
        help="with --region or --depth: what is painted there (default: the parent's prompt)",
    )


def run(args: Options) -> int:
    """Make children and save them; they are painted by `paint`, `run` or the app."""
    from populations.core.captions import numbered
    from populations.studio.breeding.breed import BreedRequest
    from populations.studio.models.changed_model import remark_on_model
    from populations.studio.opening import branch_in_use, open_saved
    from populations.studio.studio import Studio

    if args.new is not None:
        _alone(args)
    request = BreedRequest(
        count=args.new or args.count,
        parents=tuple(args.parents),
        strength=args.strength,
        size=args.size,
        by=args.by,
        among=args.among,
        drafts=args.drafts,
        region=args.region,
        depth=args.depth,
        words=args.words,
        fresh=args.new is not None,
    )
    population = open_saved(args.home, args.name)
    branch = branch_in_use(population, args.branch)
    note(remark_on_model(population))
    with (
        Studio(population, branch=branch) as studio,
        busy("painting the parent") if request.paints_over else nullcontext(),
        counting("painting drafts") as drafts,
    ):
        bred = studio.carry_out(request, on_progress=lambda p: drafts(p.painted, p.wanted))
        ids = [individual.id for individual in bred]
        painted = not set(ids) & set(studio.population.unpainted())
    text = f"bred {numbered(ids)} in branch '{branch}'"
    if not painted:
        opens = f"look at them with 'fancier open \"{args.name}\"', or paint them whole"
        text += f": {opens if args.drafts else 'paint them'} with 'fancier paint \"{args.name}\"'"
    say(args, {"name": args.name, "branch": branch, "created": ids}, text)
    return 0


def _alone(args: Options) -> None:
    """Refuse options for children where newcomers are wanted."""
    given = {
        "--parents": bool(args.parents),
        "--size": args.size is not None,
        "--step": args.strength is not None,
        "--by": args.by is not None,
        "--among": args.among is not None,
        "--drafts": args.drafts,
        "--region": args.region is not None,
        "--depth": args.depth is not None,
        "--words": bool(args.words),
        "--count": bool(args.new and args.count),
    }
    if wrong := [option for option, is_given in given.items() if is_given]:
        raise GenomeError(f"--new starts from fresh noise: leave out {', '.join(wrong)}")
