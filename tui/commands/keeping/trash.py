"""`fancier trash`: deleted populations, to be restored or removed permanently."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli import completion, opening, options
from tui.cli.output import say, table

SUMMARY = "list, restore or empty the trash"


class Options(options.Common):
    restore: str | None
    empty: bool


def declare(parser: ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group()
    restored = what.add_argument("--restore", metavar="NAME", help="restore this population")
    completion.completed(restored, completion.trashed)
    what.add_argument(
        "--empty", action="store_true", help="delete everything in the trash permanently"
    )
    options.as_json(parser)


def run(args: Options) -> int:
    """List, restore or empty."""
    from populations.core.captions import counted
    from populations.home import shelf

    home = opening.home_at(args.home)
    if args.restore is not None:
        shelf.restore_population(home, args.restore)
        say(args, {"restored": args.restore}, f"restored '{args.restore}'")
        return 0
    if args.empty:
        removed, freed = shelf.empty_trash(home)
        data = {"removed": removed, "bytes": freed}
        say(args, data, f"removed {counted(len(removed), 'population')}, {freed / 1e6:.1f} MB")
        return 0
    trashed = shelf.trashed(home)
    if args.as_json or not trashed:
        rows = [
            {"name": t.name, "deleted": t.deleted.isoformat(timespec="seconds"), "bytes": t.bytes}
            for t in trashed
        ]
        say(args, {"trash": rows}, "the trash is empty")
        return 0
    table(
        ["name", "deleted", "size"],
        [
            [t.name, f"{t.deleted.astimezone():%Y-%m-%d %H:%M}", f"{t.bytes / 1e6:.1f} MB"]
            for t in trashed
        ],
        spare=["size", "deleted"],
    )
    return 0
