"""The whole of a population of which one branch is on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:  # the store is loaded when one is opened
    from populations.core.population import Population
    from populations.core.view import View
    from populations.studio.showing.saved_session import SavedSession
    from populations.studio.showing.viewing import Viewing


def everyone(source: SavedSession | Viewing) -> Population:
    """Return the population with all its branches."""
    return _shown(source).population


def branch_names(source: SavedSession | Viewing) -> Sequence[str]:
    """Return the names of all branches of the population, the main one first."""
    return [branch.name for branch in everyone(source).branches()]


def elsewhere(source: SavedSession | Viewing, individuals: Sequence[int]) -> dict[int, str]:
    """Return the branch in which each was born, of those that are not in the branch shown.

    Raises:
        FancierError: The branches cannot be read.
    """
    here = _shown(source).members()
    names, born_in = branch_names(source), everyone(source).born_in()
    return {id: names[int(born_in[id])] for id in individuals if not here[id]}


def _shown(source: SavedSession | Viewing) -> View[Population]:
    return cast("View[Population]", source.archive)  # what a session breeds may be any archive
