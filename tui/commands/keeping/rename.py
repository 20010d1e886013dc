"""`fancier rename`: another name for a population."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli import opening, options
from tui.cli.output import say

SUMMARY = "rename a population"


class Options(options.Common):
    name: str
    new: str


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument("new", metavar="NEW", help="the new name")
    options.as_json(parser)


def run(args: Options) -> int:
    """Rename it."""
    from populations.home.shelf import rename_population

    rename_population(opening.home_at(args.home), args.name, args.new)
    say(args, {"name": args.new}, f"renamed '{args.name}' to '{args.new}'")
    return 0
