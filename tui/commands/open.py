"""`fancier open`: a population in the app."""

from __future__ import annotations

from typing import Any


def run(args: Any) -> int:
    """Open the population in the app, where it was left."""
    from tui import opening, terminal
    from tui.config import read_config

    config = read_config(blocks=args.blocks)
    terminal.prepare()
    from tui.app import run_gallery
    from tui.sessions import open_session

    home = opening.home_of(args)
    session = open_session(home, args.name, args.branch)
    return run_gallery(session, name=args.name, home=str(home), config=config)
