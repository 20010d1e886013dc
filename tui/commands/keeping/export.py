"""`fancier export`: pictures with their recipe, contact sheets, clips, pages for browsers."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Literal

from tui.cli import options, values
from tui.cli.output import UsageError, counting, say

SUMMARY = "export pictures with their recipes, or a whole population"


class Options(options.Common):
    name: str
    as_of: str | None
    ids: list[int]
    to: Path | None
    line: bool
    sheet: bool
    walk: bool
    gallery: Path | None
    all: bool


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    options.as_of(parser)
    parser.add_argument(
        "ids", nargs="*", type=values.individual, metavar="ID", help="ids to export (or use --all)"
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="DIR|FILE",
        help="where to write; a .zip file with --all holds the whole population",
    )
    parser.add_argument(
        "--line",
        action="store_true",
        help="the line of descent down to ID, from its founder or from a first ID",
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--sheet", action="store_true", help="write one contact sheet with captions")
    shape.add_argument(
        "--walk",
        action="store_true",
        help="write an animation from each to the next: .gif, .webp or .mp4",
    )
    shape.add_argument(
        "--gallery",
        type=Path,
        metavar="DIR",
        help="write a page for browsers, with pictures, recipes and the lineage",
    )
    parser.add_argument("--all", action="store_true", help="export every painted individual")
    options.device(parser)
    options.as_json(parser)


def run(args: Options) -> int:
    """Write the files and name them."""
    to = args.gallery or args.to
    if to is None:
        raise UsageError("say where to write: --to DIR|FILE, or --gallery DIR")
    if args.gallery and args.to:
        raise UsageError("--gallery DIR says where to write: leave out --to")
    if not (args.ids or ((args.all or args.sheet or args.gallery) and not args.line)):
        raise UsageError("name the individuals to export, or use --all, --sheet or --gallery")
    if args.ids and args.all:
        raise UsageError("--all exports every painted individual: leave out --all or the ids")
    from populations.studio.export_files import ExportRequest, export

    request = ExportRequest(
        to=to,
        ids=tuple(args.ids),
        line=args.line,
        form=_form(args),
        whole=args.all,
        as_of=args.as_of,
    )
    with counting("painting") as show:
        files = export(args.home, args.name, request, on_progress=show)
    say(args, {"files": [str(f) for f in files]}, "\n".join(map(str, files)))
    return 0


def _form(args: Options) -> Literal["pictures", "sheet", "walk", "gallery"]:
    if args.gallery:
        return "gallery"
    return "walk" if args.walk else "sheet" if args.sheet else "pictures"
