"""`fancier note`: a line that a person writes on a picture."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from evolve.session.archive import Note
from tui.cli import opening
from tui.cli.output import say


def run(args: Any) -> int:
    """Append the note, or print the one there is."""
    writes = args.text is not None
    with closing(opening.open_population(args.home, args.name, write=writes)) as population:
        opening.require(population, [args.id])
        if writes:
            population.append([Note(individual=args.id, text=args.text.strip(), by=args.by)])
        text = population.notes().get(args.id, "")
    told = text if args.text is None else f"noted on {args.id}: {text}" if text else "no note"
    say(args, {"id": args.id, "note": text}, told)
    return 0
