"""`fancier check`: verify the files of a population, and repair them."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli import opening, options
from tui.cli.output import counting, say

SUMMARY = "verify the files of a population, and repair them"


class Options(options.Common):
    name: str
    repair: bool


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument("--repair", action="store_true", help="repair what can be repaired")
    options.as_json(parser)


def run(args: Options) -> int:
    """Verify, and repair what can be repaired if asked to."""
    from populations import check_population, population_path
    from populations.core.captions import counted

    path = population_path(opening.home_at(args.home), args.name)
    with counting("checking") as show:
        report = check_population(path, repair=args.repair, progress=show)
    text = [f"problem: {p}" for p in report.problems] + [f"repaired: {r}" for r in report.repaired]
    found = "no problems found"
    if report.problems:
        cure = f"'fancier check \"{args.name}\" --repair' restores what can be restored"
        if args.repair:
            cure = "what is left cannot be restored here, only from a backup"
        found = f"{counted(len(report.problems), 'problem')}: {cure}"
    text.append(f"{counted(report.individuals, 'individual')}, {found}")
    data = {
        "ok": report.ok,
        "individuals": report.individuals,
        "problems": list(report.problems),
        "repaired": list(report.repaired),
    }
    say(args, data, "\n".join(text))
    return 0 if report.ok else 1
