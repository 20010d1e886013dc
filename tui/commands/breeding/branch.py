"""`fancier branch`: go on from an earlier point, beside what came after it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from tui.cli import options, values
from tui.cli.output import say, table

if TYPE_CHECKING:
    from populations import Population

SUMMARY = "branch off at an earlier point; the original line is kept"


class Options(options.Common):
    name: str
    new: str | None
    at: tuple[str, int] | None


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument(
        "new",
        nargs="?",
        metavar="NEWBRANCH",
        help="name of the new branch (default: list the branches)",
    )
    parser.add_argument(
        "--at",
        type=values.point,
        metavar="ID|@COMMIT",
        help="branch point: an individual's page, or the branch in use as of @COMMIT "
        "(default: its newest page)",
    )
    options.as_json(parser)


def run(args: Options) -> int:
    """Make a branch, or list all branches."""
    from populations.studio.opening import branch_in_use, open_saved

    with open_saved(args.home, args.name, write=args.new is not None) as population:
        if args.new is None:
            return _list(args, population)
        where: dict[str, Any] = dict([args.at] if args.at else [])
        if "at" not in where:
            where["of"] = branch_in_use(population)
        branch = population.fork(args.new, **where)
        left = population.branches()[branch.parent].name
    say(
        args,
        {"name": args.name, "branch": branch.name, "parent": left, "head": branch.fork - 1},
        f"created branch '{branch.name}' from '{left}' after {branch.fork - 1}; "
        f'open it with \'fancier open "{args.name}" --branch "{branch.name}"\'',
    )
    return 0


def heads(population: Population) -> list[dict[str, Any]]:
    """Return the branches as `show --json` prints them."""
    branches = population.branches()
    rows = []
    for branch in branches:
        ids = population.branch(branch.name).ids()
        rows.append(
            {
                "name": branch.name,
                "head": ids[-1] if ids else None,
                "parent": branches[branch.parent].name if branch.parent >= 0 else None,
                "at": branch.at if branch.at >= 0 else None,
                "fork": branch.fork - 1 if branch.parent >= 0 else None,
                "individuals": len(ids),
            }
        )
    return rows


def _list(args: Options, population: Population) -> int:
    branches = heads(population)
    if args.as_json:
        say(args, {"name": args.name, "branches": branches}, "")
        return 0
    table(
        ["branch", "parent", "after", "branch point", "newest", "individuals"],
        [
            [b[key] for key in ("name", "parent", "fork", "at", "head", "individuals")]
            for b in branches
        ],
        spare=["branch point", "parent"],
    )
    return 0
