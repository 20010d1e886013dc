"""The ways into the app. Nothing heavy is imported before one of them is taken."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from evolve.errors import LockedError, SavingError
from tui.app.config import Config, read_config
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


def enter(
    home: Path,
    name: str,
    *,
    branch: str | None = None,
    read_only: bool = False,
    as_of: str | None = None,
    blocks: str | None = None,
    ahead: bool = True,
) -> int:
    """Open a population in the app and return the exit status when the person leaves.

    Args:
        home: The folder that holds the populations.
        name: The population.
        branch: The branch to go on in; None for the one that was left last.
        read_only: Open it read-only, also while it is open elsewhere.
        as_of: The commit or time to show, read-only; None for the latest.
        blocks: What pictures are made of; None as configured.
        ahead: Whether to paint ahead, unless the config turns it off.

    Raises:
        FancierError: It cannot be opened, or there is no terminal.
    """
    terminal.prepare()
    config = read_config(blocks=blocks, ahead=ahead)
    looks = read_only or as_of is not None
    source = _look(home, name, branch, as_of) if looks else _breed(home, name, branch, config.ahead)
    return run_gallery(source, name, config)


def _look(home: Path, name: str, branch: str | None, as_of: str | None) -> Viewing:
    # Only here: numpy and the store come with these.
    from populations.studio.opening import open_saved
    from populations.studio.showing.viewing import Viewing

    population = open_saved(home, name, write=False, as_of=as_of)
    return Viewing(population, branch, moment=as_of)


def _breed(home: Path, name: str, branch: str | None, ahead: bool) -> SavedSession:
    # Only here: numpy, the store and textual come with these.
    from populations.studio.showing.saved_session import open_session
    from tui import keys

    try:
        return open_session(home, name, branch, ahead=ahead, lists=keys.actions.COMPLETES)
    except LockedError as error:
        raise LockedError(f"{error}, or open it with --read-only") from None
    except SavingError as error:
        raise SavingError(f"{error}, or open it with --read-only", error.brief) from None


def run_gallery(session: SavedSession | Viewing, name: str, config: Config) -> int:
    """Show a population that is not started yet; it is closed when this returns.

    Returns:
        The exit status, when the person leaves.
    """

    def gallery(blocks: Blocks) -> Gallery:
        from tui.screens.gallery import Gallery  # textual comes with it

        return Gallery(session, name=name, blocks=blocks)

    return _run(gallery, config)


def run_home(shelf: SavedShelf, config: Config) -> int:
    """Open the list of populations and return the exit status when the person leaves."""

    def home(blocks: Blocks) -> PopulationList:
        from tui.screens.population_list import PopulationList  # textual comes with it

        return PopulationList(shelf, blocks)

    return _run(home, config)


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
    finally:  # also after a crash
        if last := first.gallery:
            last.bridge.close()
        typed_early.forget()
    if last and (ended := last.bridge.ended or last.controller.ended):
        complain(ended)
        return 1
    return status if status is not None else app.return_code or 0
