"""`fancier`: the app at the list of populations."""

from __future__ import annotations

from tui.cli import opening, options

Options = options.Common


def run(args: Options) -> int:
    """Open the app at its first screen."""
    from tui.drawing import terminal

    terminal.prepare()
    if terminal.is_there():
        opening.begin_renderer()
    from populations.studio.showing.saved_shelf import SavedShelf
    from tui import keys
    from tui.app.config import read_config
    from tui.app.start import run_home

    config = read_config(blocks=args.blocks, ahead=args.ahead)
    home = opening.home_at(args.home)
    shelf = SavedShelf(home, ahead=config.ahead, lists=keys.actions.COMPLETES)
    return run_home(shelf, config)
