"""The whole of a population of which one branch is on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evolve.session.archive import Archive
from populations.home.names import MAIN

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.viewing import Viewing


def everyone(source: SavedSession | Viewing) -> Archive:
    """Return the population with all its branches."""
    whole: Archive = getattr(source.archive, "population", source.archive)
    return whole


def branch_names(source: SavedSession | Viewing) -> Sequence[str]:
    """Return the names of all branches of the population, the main one first."""
    branches = getattr(everyone(source), "branches", None)
    return [MAIN] if branches is None else [branch.name for branch in branches()]


def elsewhere(source: SavedSession | Viewing, individuals: Sequence[int]) -> dict[int, str]:
    """Return of those that are not of the branch on the screen in which one they were born.

    Raises:
        FancierError: The branches cannot be read.
    """
    members = getattr(source.archive, "members", None)
    numbers = getattr(everyone(source), "born_in", None)
    if members is None or numbers is None:
        return {}
    names, born_in, here = branch_names(source), numbers(), members()
    return {id: names[int(born_in[id])] for id in individuals if not here[id]}
