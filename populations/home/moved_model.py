"""Where the model of a population is now, if it is no longer where it was when that was founded.

A file beside the zarr root: a place on this machine, which copies of the population share, and
exported ones do not need. Without it the model is the one that the population was founded with.
"""

from __future__ import annotations

import json
from pathlib import Path

from evolve import regular_files
from evolve.errors import ArchiveError
from populations.format.failures import saving_failed
from populations.format.files import flush_folder, write_file

MOVED = "model.json"
"""Name of the file."""
_LONGEST = 16384
"""Bytes that are read of it."""
_LONGEST_NAME = 4096
"""Characters in the name of a model, which may be a path."""


def moved_to(path: Path) -> str | None:
    """Return the name of the model that the population in the folder `path` goes on with.

    Returns:
        None for the one that it was founded with.
    """
    try:
        name = json.loads(regular_files.read(path / MOVED, _LONGEST))["model"]
    except (OSError, ArchiveError, ValueError, LookupError, TypeError, RecursionError):
        return None
    is_name = isinstance(name, str) and name.isprintable() and 0 < len(name) <= _LONGEST_NAME
    return name if is_name else None


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
