"""`fancier delete`: populations into the trash."""

from __future__ import annotations

from argparse import ArgumentParser

from evolve.errors import ArchiveError
from tui.cli import completion, opening, options
from tui.cli.output import complain, say

SUMMARY = "move populations to the trash"


class Options(options.Common):
    names: list[str]


def declare(parser: ArgumentParser) -> None:
    names = parser.add_argument("names", nargs="+", metavar="NAME", help="the populations")
    completion.completed(names, completion.populations)
    options.as_json(parser)


def run(args: Options) -> int:
    """Move all that can be to the trash; until it is emptied they can be restored."""
    from populations.home.shelf import delete_population

    home = opening.home_at(args.home)
    deleted: list[str] = []
    names = list(dict.fromkeys(args.names))
    for name in names:
        try:
            delete_population(home, name)
            deleted.append(name)
        except ArchiveError as error:
            complain(error)
    text = [
        f"moved '{n}' to the trash; restore it with 'fancier trash --restore \"{n}\"'"
        for n in deleted
    ]
    if deleted or args.as_json:
        say(args, {"deleted": deleted}, "\n".join(text))
    return 0 if len(deleted) == len(names) else 1
