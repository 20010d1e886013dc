"""The way into the app for the commands that open it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from evolve.errors import LockedError
from tui.drawing import terminal

if TYPE_CHECKING:
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.viewing import Viewing


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
    # Imported here and below, so that the error without a terminal comes at once.
    from tui.app.config import read_config
    from tui.app.start import run_gallery

    config = read_config(blocks=blocks, ahead=ahead)
    looks = read_only or as_of is not None
    source = _look(home, name, branch, as_of) if looks else _breed(home, name, branch, config.ahead)
    return run_gallery(source, name=name, config=config)


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
