"""`fancier edit`: children that differ from one picture in one named thing, in one place."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from tui.cli import options, values
from tui.cli.output import UsageError, complain, counting, note, say

if TYPE_CHECKING:
    from evolve.genome.masks import Box
    from populations.studio.breeding.edit import EditRequest
    from populations.studio.studio import Studio

SUMMARY = "add, remove or exchange one thing in a picture; all else stays"


class Options(options.Common):
    name: str
    id: int
    branch: str | None
    add: str | None
    remove: str | None
    swap: tuple[str, str] | None
    take: int | None
    take_off: bool
    words: str
    where: list[Path | Box]
    depth: float | None
    strength: float | None
    count: int | None
    show_where: Path | None
    no_paint: bool


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument("id", type=values.individual, metavar="ID", help="the picture to edit")
    options.branch(parser)
    _declare_change(parser)
    _declare_place(parser)
    parser.add_argument(
        "--count",
        type=values.count,
        metavar="N",
        help="number of children (default: 12)",
    )
    parser.add_argument(
        "--show-where",
        type=Path,
        metavar="FILE.png",
        help="write the place at the size of the picture, white where it is painted",
    )
    parser.add_argument(
        "--no-paint", action="store_true", help="do not paint the children; 'fancier paint' does"
    )
    options.device(parser)
    options.as_json(parser)


def _declare_change(parser: ArgumentParser) -> None:
    """Add the options for what changes."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--add", metavar="WORDS", help="what to add: glasses")
    what.add_argument("--remove", metavar="WORDS", help="what to remove")
    what.add_argument(
        "--swap",
        nargs=2,
        metavar=("OLD", "NEW"),
        help="what to replace, and by what: 'red hair' 'blue hair'",
    )
    what.add_argument(
        "--take", type=values.individual, metavar="OTHER", help="take the place from this picture"
    )
    what.add_argument(
        "--take-off", action="store_true", help="take off the latest edit of the picture"
    )
    parser.add_argument(
        "--words",
        default="",
        metavar="WORDS",
        help="with --take: what to take, by which the place is found",
    )


def _declare_place(parser: ArgumentParser) -> None:
    """Add the options for where it changes, and how much."""
    parser.add_argument(
        "--where",
        action="append",
        type=values.place,
        default=[],
        metavar="FILE.png|X0,Y0,X1,Y1",
        help="where: a mask (white is painted) or a box, as fractions of the picture or, above 1, "
        "in pixels; may be repeated (default: found from the words)",
    )
    parser.add_argument(
        "--depth",
        type=values.depth,
        metavar="D",
        help="how much changes there: near 0 = hardly anything, 1 = all "
        "(default: several over the page)",
    )
    parser.add_argument(
        "--strength",
        type=values.degrees,
        metavar="DEG",
        help="how far the noise turns there, in degrees: 0 to 90 (default: 30 to 90)",
    )


def run(args: Options) -> int:
    """Make the children, paint them, and name them with the best ones first."""
    from populations.core.captions import numbers
    from populations.exchange.mask_file import write_mask
    from populations.exchange.new_file import require_png
    from populations.studio.opening import branch_in_use, open_saved
    from populations.studio.studio import Studio

    if args.show_where is not None:
        require_png(args.show_where)
    request = _request(args)
    population = open_saved(args.home, args.name)
    branch = branch_in_use(population, args.branch)
    with Studio(population, branch=branch) as studio:
        note(studio.model_change)
        for line in studio.edit_remarks(request):
            note(line)
        with counting(_doing(request)) as show:
            show(0, 1)
            edited = studio.carry_out_edit(request, on_progress=show)
        if edited.remark:
            note(edited.remark)
        if args.show_where is not None:
            width, height = studio.population.config["size"]
            write_mask(edited.mask, (height, width), args.show_where)
        ids = [individual.id for individual in edited.individuals]
        painted, failed = ([], {}) if args.no_paint else _painted(studio, ids)
    data = {
        "name": args.name,
        "branch": branch,
        "created": ids,
        "mask": edited.as_json,
        "painted": painted,
    }
    place = f"in {edited.mask.mean():.0%} of the picture"
    if args.take_off:
        place = "without the latest edit"
    if args.no_paint:
        text = f"made {numbers(ids)}, {place}: paint with 'fancier paint \"{args.name}\"'"
    elif len(painted) == 1:
        text = f"painted {painted[0]}, {place}"
    else:
        text = f"painted {len(painted)}, {place}, the best first: {' '.join(map(str, painted))}"
    say(args, data, text)
    for i, why in failed.items():
        complain(f"individual {i} could not be painted: {why}")
    return 1 if failed else 0


def _request(args: Options) -> EditRequest:
    from populations.studio.breeding.edit import COUNT, EditRequest

    wishes = (args.add, args.remove, args.swap, args.take, args.take_off or None)
    if all(wish is None for wish in wishes) and not args.where:
        raise UsageError("say what is to change: --add, --remove, --swap, --take or --take-off")
    if args.take_off and args.where:
        raise UsageError("--take-off has the place of the edit: leave --where out")
    if args.words and args.take is None:
        raise UsageError("--words say what is taken: give --take, or use --add")
    if args.take is not None and not args.words and not args.where:
        raise UsageError("say what to take: a place with --where, or what it is with --words")
    old, new = args.swap or ("", "")
    return EditRequest(
        individual=args.id,
        add=new or args.add or "",
        remove=old or args.remove or "",
        take=args.take,
        words=args.words,
        take_off=args.take_off,
        where=args.where,
        depth=args.depth,
        strength=args.strength,
        count=args.count or COUNT,
    )


def _doing(request: EditRequest) -> str:
    """Return what is done before children are made."""
    if not (request.where or request.take_off):
        return "looking for the place"
    return "trying the words" if request.add else "reading the picture"


def _painted(studio: Studio, ids: list[int]) -> tuple[list[int], dict[int, str]]:
    """Paint; return the ids, those that show the wanted thing best first, and failures."""
    scores: dict[int, float] = {}
    failed: dict[int, str] = {}
    with counting("painting") as show:
        show(0, len(ids))
        for done, picture in enumerate(studio.paint(ids), start=1):
            if picture.picture is None:
                failed[picture.individual] = picture.error
            else:
                scores[picture.individual] = picture.wanted or 0.0
            show(done, len(ids))
    return sorted(scores, key=lambda i: (-scores[i], i)), failed
