"""From the options of a command to a population; the store is loaded only when one is opened."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from evolve.errors import FancierError

if TYPE_CHECKING:
    from populations import Population

DEFAULT = "portraits"
"""The model that comes with fancier."""


def home_at(folder: Path | None) -> Path:
    """Return the folder that holds the populations: the one that was named, or the usual one."""
    from populations.home.names import default_home  # difflib and platformdirs come with it

    return folder or default_home()


def open_population(
    home: Path | None, name: str, *, write: bool = True, as_of: str | None = None
) -> Population:
    """Open a population by its name, as `populations.studio.opening.open_saved` does."""
    from populations.studio.opening import open_saved  # the store comes with it

    return open_saved(home, name, write=write, as_of=as_of)


def begin_renderer(model: str | None = DEFAULT) -> None:
    """Start the renderer that the app will need, whose imports take longer than all else.

    Args:
        model: What it will paint, None for the default; it may turn out to be another.
    """
    from evolve.rendering.process import early  # for a fast start

    early.prepare(model or DEFAULT)


def model_of(home: Path, name: str) -> str:
    """Return the name of a population's model; that of the default if it cannot be read."""
    # For a fast start.
    from populations.format.header import read_header
    from populations.home.moved_model import moved_to
    from populations.home.names import population_path

    with contextlib.suppress(FancierError, OSError):
        path = population_path(home, name)
        return moved_to(path) or str(read_header(path).config.get("model"))
    return DEFAULT


def require(population: Population, ids: Iterable[int]) -> None:
    """Refuse ids that the population does not have."""
    from populations.studio.opening import require  # the store comes with it

    require(population, ids)
