"""`fancier rate`: ratings from a script."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from evolve.session.archive import Judgement
from tui.cli import opening
from tui.cli.output import say


def run(args: Any) -> int:
    """Append the ratings, all or none."""
    with closing(opening.open_population(args.home, args.name)) as population:
        births = population.births()
        opening.require(population, (i for i, _ in args.ratings))
        population.append(
            [
                Judgement(
                    individual=i, kind="rate", value=value, page=births[i].generation, by=args.by
                )
                for i, value in args.ratings
            ]
        )
    say(args, {"rated": len(args.ratings)}, f"rated {len(args.ratings)}")
    return 0
