"""Ways into the app. Nothing heavy is imported before one of them is called."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.app.config import Config
from tui.cli.output import complain
from tui.drawing import terminal, typed_early

if TYPE_CHECKING:
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.saved_shelf import SavedShelf
    from populations.studio.showing.viewing import Viewing
    from tui.drawing.blocks import Blocks
    from tui.screens.gallery import Gallery
    from tui.screens.population_list import PopulationList


SWITCH_S = 0.001
"""Seconds after which the thread of the session, which computes what may be bred next, lets the app
answer a key: a fifth of the default."""


def run_gallery(session: SavedSession | Viewing, *, name: str, config: Config | None = None) -> int:
    """Show a population, and return the exit status when the person leaves.

    Args:
        session: The population, not started yet. It is closed when this returns.
        name: Its name.
        config: The settings of the app.
    """

    def gallery(blocks: Blocks) -> Gallery:
        from tui.screens.gallery import Gallery  # textual comes with it

        return Gallery(session, name=name, blocks=blocks)

    return _run(gallery, config or Config())


def run_home(shelf: SavedShelf, *, config: Config | None = None) -> int:
    """Open the list of populations and return the exit status when the person leaves.

    Args:
        shelf: The populations.
        config: The settings of the app.
    """

    def home(blocks: Blocks) -> PopulationList:
        from tui.screens.population_list import PopulationList  # textual comes with it

        return PopulationList(shelf, blocks)

    return _run(home, config or Config())


def _run(open_first: Callable[[Blocks], Gallery | PopulationList], config: Config) -> int:
    terminal.prepare()
    blocks, surface = terminal.look(config)
    from tui.app.application import Fancier  # textual comes with it; the terminal is prepared

    first = open_first(blocks)
    app = Fancier(first, config, surface)
    terminal.settle()
    sys.setswitchinterval(SWITCH_S)
    try:
        terminal.need()
        typed_early.hand_over()
        status = app.run()
    finally:  # also if the app fell over
        if last := first.gallery:
            last.bridge.close()
        terminal.forget_typed()
    if last and (ended := last.bridge.ended or last.controller.ended):
        complain(ended)
        return 1
    return status if status is not None else app.return_code or 0
