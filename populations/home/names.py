"""Where populations live: one folder each, named after the population, in a home folder."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

from platformdirs import user_data_path

from evolve.errors import ArchiveError
from evolve.near_names import did_you_mean

ZARR = "population.zarr"
"""Folder of the zarr root inside the folder of a population."""
TRASH = ".trash"
"""Folder in a home of deleted populations: each in a folder named after the moment."""
MAX_NAME = 64
"""Characters in the name of a population, or of a branch."""
MAIN = "main"
"""The branch that every population has."""

_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
"""Names that Windows keeps for devices."""


def default_home() -> Path:
    """Return `$FANCIER_HOME`, or else the folder the platform has for a user's data."""
    chosen = os.environ.get("FANCIER_HOME")
    if chosen:
        return Path(os.path.expanduser(chosen))  # pathlib's would raise where there is no ~user
    return user_data_path("fancier", appauthor=False)


def population_path(home: Path, name: str) -> Path:
    """Return the folder of the population `name`; it need not be there.

    Raises:
        ArchiveError: The name is not one a folder can safely have on every system.
    """
    return Path(home) / valid_name(name)


def valid_name(name: str) -> str:
    """Return `name` in its canonical spelling.

    Raises:
        ArchiveError: It cannot be a name.
    """
    name = unicodedata.normalize("NFC", name)
    if not name.strip():
        raise ArchiveError("the population needs a name: letters, digits, spaces, '-', '_' and '.'")
    folder, last = os.path.split(name.rstrip(os.sep))
    if os.sep in name and folder.isprintable() and last[:1].isalnum() and not _wrong_in(last):
        raise ArchiveError(
            f"{name!r} is a path, not the name of a population: use {last!r}, and "
            f"'fancier --home \"{folder or os.curdir}\"' for populations in that folder"
        )
    if wrong := _wrong_in(name):
        raise ArchiveError(
            f"a population cannot be named {name!r} because of {' '.join(map(repr, wrong))}: "
            "use letters, digits, spaces, '-', '_' and '.'"
        )
    if not name[0].isalnum() or name[-1] in " .":
        raise ArchiveError(
            f"a population cannot be named {name!r}: "
            "begin with a letter or digit, and do not end with a space or '.'"
        )
    if len(name) > MAX_NAME or len(name.encode()) > 3 * MAX_NAME:
        shown = f"{name[:20]}…"
        raise ArchiveError(f"the name {shown!r} is too long: use up to {MAX_NAME} characters")
    if name.split(".")[0].lower() in _RESERVED:
        raise ArchiveError(
            f"a population cannot be named {name!r}: Windows reserves it for a device"
        )
    return name


def _wrong_in(name: str) -> list[str]:
    return sorted({c for c in name if not (c.isalnum() or c in " -_.")})


def population_names(home: Path) -> list[str]:
    """Return the names of all populations in `home`, damaged ones too, in order."""
    try:
        with os.scandir(home) as entries:
            names = [entry.name for entry in entries if not entry.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ArchiveError(f"cannot read the populations in '{home}': {error.strerror}") from error
    there = [name for name in names if os.path.isdir(Path(home) / name / ZARR)]
    return sorted(sorted(there), key=_in_order)


def _in_order(name: str) -> list[str | int]:
    """Return what names are sorted by: alphabetically, and numbers in them by size."""
    parts = re.split("([0-9]+)", name.lower())  # texts and numbers by turns
    return [int(part) if place % 2 else part for place, part in enumerate(parts)]


def no_such_population(path: Path) -> ArchiveError:
    """Return the error for a population that is not there, with the names that come close."""
    names = population_names(path.parent)
    if any(folder.name == path.name for folder in (path.parent / TRASH).glob("[0-9]*/*")):
        return ArchiveError(
            f"population '{path.name}' is in the trash: "
            f"take it back with 'fancier trash --restore \"{path.name}\"'"
        )
    if not names:
        return ArchiveError(
            f"no population named '{path.name}' in '{path.parent}', which has none yet: "
            "make one with 'fancier new'"
        )
    hint = did_you_mean(path.name, names) or "'fancier list' shows all"
    return ArchiveError(f"no population named '{path.name}' in '{path.parent}': {hint}")
