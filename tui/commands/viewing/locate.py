"""`fancier locate`: where in a picture a thing is, or would be, as a mask."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from tui.cli import options, values
from tui.cli.output import UsageError, counting, note, say

SUMMARY = "find the place of a thing in a picture, as a mask"


class Options(options.Common):
    name: str
    id: int
    words: str | None
    remove: str | None
    swap: list[str] | None
    to: Path


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument(
        "id", type=values.individual, metavar="ID", help="individual in whose picture to look"
    )
    parser.add_argument(
        "words", nargs="?", metavar="WORDS", help="a thing that is there or could be: glasses"
    )
    parser.add_argument("--remove", metavar="WORDS", help="a thing that could be removed")
    parser.add_argument(
        "--swap",
        nargs=2,
        metavar=("OLD", "NEW"),
        help="a thing and what could replace it: 'red hair' 'blue hair'",
    )
    parser.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="FILE.png",
        help="the mask to write, white where the thing is; FILE.overlay.png shows where that is",
    )
    options.device(parser)
    options.as_json(parser)


def run(args: Options) -> int:
    """Find the place and write it."""
    from evolve.models.words.phrasing import WordChange
    from populations.studio.breeding.edit import EditRequest
    from populations.studio.breeding.locate import require_writable, save_place
    from populations.studio.opening import open_saved
    from populations.studio.studio import Studio

    if sum(given is not None for given in (args.words, args.remove, args.swap)) != 1:
        raise UsageError("name one thing: WORDS, --remove WORDS, or --swap OLD NEW")
    old, new = args.swap or (args.remove or "", args.words or "")
    change = WordChange(add=new, remove=old)
    require_writable(args.to)
    with Studio(open_saved(args.home, args.name, write=False)) as studio:
        for line in studio.edit_remarks(EditRequest(individual=args.id, add=new, remove=old)):
            note(line)
        with counting("looking for the place") as show:
            show(0, 1)
            place = studio.locate(args.id, change, on_progress=show)
    if place.remark:
        note(place.remark)
    beside = save_place(place, args.to)
    cells = int(place.mask.sum())
    data = {
        "shape": list(place.mask.shape),
        "cells": cells,
        "share": round(place.share, 4),
        "file": str(args.to),
        "overlay": str(beside),
        "cost": round(place.cost, 3),
    }
    where = f"{cells} of {place.mask.size} cells, {place.share:.0%} of the picture"
    text = f"wrote {args.to} and {beside}: {where}"
    say(args, data, text)
    return 0
