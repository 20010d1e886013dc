"""`fancier open`: a population in the app."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli import opening, options

SUMMARY = "open a population in the app"


class Options(options.Common):
    name: str
    branch: str | None
    read_only: bool
    as_of: str | None


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    options.branch(parser)
    parser.add_argument(
        "--read-only",
        action="store_true",
        help="view it without changing it, even while it is open elsewhere",
    )
    options.as_of(parser)
    options.look(parser)
    options.painting_ahead(parser)
    options.device(parser)


def run(args: Options) -> int:
    """Open the population in the app, where it was left or as it was, read-only or not."""
    from tui.drawing import terminal

    home = opening.home_at(args.home)
    if terminal.is_there() and not args.read_only and args.as_of is None:
        opening.begin_renderer(opening.model_of(home, args.name))
    from tui.app.start import enter

    return enter(
        home,
        args.name,
        branch=args.branch,
        read_only=args.read_only,
        as_of=args.as_of,
        blocks=args.blocks,
        ahead=args.ahead,
    )
