"""Where the model of a population is now, if it is no longer where it was when that was founded.

A file beside the zarr root: a place on this machine, which copies of the population share, and
exported ones do not need. Without it the model is the one that the population was founded with.
"""

from __future__ import annotations

import json
from pathlib import Path

from populations.format.failures import saving_failed
from populations.format.files import flush_folder, small_object, write_file
from populations.home.founding import is_model

MOVED = "model.json"
"""Name of the file."""
_LONGEST = 16384
"""Bytes that are read of it."""


def moved_to(path: Path) -> str | None:
    """Return the model that the population in `path` goes on with; None for its first one."""
    name = small_object(path / MOVED, _LONGEST).get("model")
    return name if is_model(name) else None


def move_to(path: Path, model: str) -> None:
    """Record the name of the model that the population in the folder `path` goes on with.

    Raises:
        SavingError: The disk does not take it.
    """
    try:
        write_file(path, MOVED, json.dumps({"model": model}).encode())
        flush_folder(path)
    except OSError as error:
        raise saving_failed(error, path) from error
