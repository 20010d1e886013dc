"""`fancier rate`: ratings from a script."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter

from evolve.judgements import RATINGS
from tui.cli import options, values
from tui.cli.output import UsageError, say

SUMMARY = "rate pictures from a script"


class Options(options.Common):
    name: str
    ratings: list[tuple[int, int]]
    by: str


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument(
        "ratings",
        nargs="+",
        type=values.rating,
        metavar="ID=VALUE",
        help=f"{RATINGS[0]} to {RATINGS[-1]}; 0 removes the rating",
    )
    options.author(parser)
    options.as_json(parser)


def run(args: Options) -> int:
    """Append the ratings, all or none."""
    counts = Counter(individual for individual, _ in args.ratings)
    twice = next((individual for individual, count in counts.items() if count > 1), None)
    if twice is not None:
        raise UsageError(f"individual {twice} has two ratings: leave one of them out")
    from populations.studio.opening import open_saved
    from populations.studio.rate import rate

    with open_saved(args.home, args.name) as population:
        rate(population, dict(args.ratings), by=args.by)
    say(args, {"rated": len(args.ratings)}, f"rated {len(args.ratings)}")
    return 0
