"""What commands that open the app need early: the home, and a renderer that is starting."""

from __future__ import annotations

import contextlib
from pathlib import Path

from evolve.errors import FancierError
from evolve.models.portraits import NAME as DEFAULT


def home_at(folder: Path | None) -> Path:
    """Return the folder of the populations: the one that was named, or the usual one."""
    from populations.home.names import default_home  # difflib and platformdirs come with it

    return folder or default_home()


def begin_renderer(model: str | None = DEFAULT) -> None:
    """Start the renderer that the app will need, whose imports take longer than all else.

    Args:
        model: What it will probably paint; None for the default.
    """
    from evolve.rendering.process import early  # for a fast start

    early.prepare(model or DEFAULT)


def model_of(home: Path, name: str) -> str:
    """Return the name of a population's model, or of the default if it cannot be read."""
    # For a fast start.
    from populations.format.header import read_header
    from populations.home.moved_model import moved_to
    from populations.home.names import population_path

    with contextlib.suppress(FancierError, OSError):
        path = population_path(home, name)
        return moved_to(path) or str(read_header(path).config.get("model"))
    return DEFAULT
