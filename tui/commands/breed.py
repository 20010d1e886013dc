"""`fancier breed`: children, as the b key of the app makes them."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from tui import opening
from tui.output import say


def run(args: Any) -> int:
    """Make children and save them; they are painted by `paint`, `run` or the app."""
    with closing(opening.open_population(args)) as population:
        search = opening.search_on(population.config, population)
        search.tell(population.verdicts())
        count = args.count or population.page
        born = search.ask(count, parents=args.parents, strength=args.strength)
        population.append(born)
    ids = [individual.id for individual in born]
    say(
        args,
        {"name": args.name, "created": ids},
        f"bred {ids[0]} to {ids[-1]}: paint them with 'fancier paint {args.name}'",
    )
    return 0
