"""`fancier copy`: a second population that begins as the first is now."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli import opening, options
from tui.cli.output import say

SUMMARY = "copy a population in its current state"


class Options(options.Common):
    name: str
    new: str


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument("new", metavar="NEW", help="name of the copy")
    options.as_json(parser)


def run(args: Options) -> int:
    """Copy it."""
    from populations.home.shelf import copy_population

    copy_population(opening.home_at(args.home), args.name, args.new)
    say(args, {"name": args.new}, f"copied '{args.name}' to '{args.new}'")
    return 0
