"""`fancier open`: a population in the app."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evolve.errors import LockedError

if TYPE_CHECKING:
    from tui.seam import Source


def run(args: Any) -> int:
    """Open the population in the app, where it was left or as it was, for looking only or not."""
    from tui import terminal

    terminal.prepare()
    from tui import opening
    from tui.app import run_gallery
    from tui.config import read_config

    config = read_config(blocks=args.blocks)
    home = opening.home_of(args)
    return run_gallery(_source(args), name=args.name, home=str(home), config=config)


def _source(args: Any) -> Source:
    from tui import opening, sessions
    from tui.viewing import Viewing

    if args.read_only or args.as_of is not None:
        population = opening.open_population(args, write=False)
        return Viewing(population, args.branch, moment=args.as_of)
    try:
        return sessions.open_session(opening.home_of(args), args.name, args.branch)
    except LockedError as error:
        raise LockedError(f"{error}, or look at it meanwhile with --read-only") from None
