"""`fancier taste`: what a person likes, as learnt from their judgements; and to forget it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from tui.cli import options
from tui.cli.output import busy, say

if TYPE_CHECKING:
    from populations.studio.taste import TasteReport

SUMMARY = "show what you like, as learnt from your judgements"


class Options(options.Common):
    name: str
    branch: str | None
    forget: bool


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    options.branch(parser)
    parser.add_argument(
        "--forget",
        action="store_true",
        help="start learning from scratch; your ratings stay saved",
    )
    options.as_json(parser)


def run(args: Options) -> int:
    """Print what was learnt, or forget it."""
    from populations.studio.opening import branch_in_use, open_saved
    from populations.studio.studio import Studio
    from tui.drawing.taste_words import taste_lines

    population = open_saved(args.home, args.name, write=args.forget)
    with Studio(population, branch=branch_in_use(population, args.branch)) as studio:
        if args.forget:
            studio.forget_taste()
            text = "forgotten: your taste is learnt again from the next page on; all ratings stay"
            say(args, {"name": args.name, "forgotten": True}, text)
            return 0
        with busy("reading the pictures"):
            report = studio.taste()
    say(args, {"name": args.name, **as_json(report)}, "\n".join(taste_lines(report)))
    return 0


def as_json(report: TasteReport) -> dict[str, object]:
    """Return what was learnt as plain values."""
    return {
        "judged": report.judged,
        "unseen": report.unseen,
        "by": report.chosen_by,
        "predicts": {"spearman": report.predicts.spearman, "pages": report.predicts.pages},
        "words": report.words_by,
        "likes": [[each.words, each.weight] for each in report.likes],
        "dislikes": [[each.words, each.weight] for each in report.dislikes],
        "counts": dict(report.counts),
        "forgot": report.forgot,
        "began_with": report.began_with or None,
    }
