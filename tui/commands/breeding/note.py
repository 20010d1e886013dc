"""`fancier note`: a line that a person writes on a picture."""

from __future__ import annotations

from argparse import ArgumentParser

from tui.cli import options, values
from tui.cli.output import say

SUMMARY = "write a note on a picture, or print it"


class Options(options.Common):
    name: str
    id: int
    text: str | None
    by: str


def declare(parser: ArgumentParser) -> None:
    options.population(parser)
    parser.add_argument("id", type=values.individual, metavar="ID", help="the individual")
    parser.add_argument(
        "text",
        nargs="?",
        metavar="TEXT",
        help='the note, one line; "" removes it (default: print the note)',
    )
    options.author(parser)
    options.as_json(parser)


def run(args: Options) -> int:
    """Append the note, or print the one there is."""
    from evolve.session.archive import Note
    from populations.studio.opening import open_saved, require

    with open_saved(args.home, args.name, write=args.text is not None) as population:
        require(population, [args.id])
        if args.text is not None:
            population.append([Note(individual=args.id, text=args.text.strip(), by=args.by)])
        text = population.notes().get(args.id, "")
    message = text and (text if args.text is None else f"note on {args.id}: {text}")
    say(args, {"id": args.id, "note": text}, message or "no note")
    return 0
