"""Where a population was left: the branch, and the picture under the cursor.

A file beside the zarr root. Nothing depends on it: without it, or with one that is invalid, a
population opens at the newest page of its main branch; and at the newest page of the branch where
it was left if it was bred since.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import NamedTuple

from evolve.errors import ArchiveError
from populations.core.population import Population
from populations.format.files import small_object, write_file
from populations.home.names import MAIN

LEFT = "left.json"
"""Name of the file."""
_LONGEST = 4096
"""Bytes that are read of it."""


class Left(NamedTuple):
    """A place in a population."""

    branch: str = MAIN
    individual: int | None = None
    """None for the newest page."""
    born: int = 0
    """How many individuals had been born by then."""


def where_left(population: Population, branch: str | None = None) -> Left:
    """Return where a population was left, or where a branch of it was.

    Raises:
        ArchiveError: There is no branch of that name.
    """
    left = _read(population.path / LEFT)
    here = MAIN if branch is None else branch
    if left is None or branch not in (None, left.branch):
        return _beginning(population, here)
    try:
        inside = population.branch(left.branch).members()
    except ArchiveError:  # as it was before that branch was made
        return _beginning(population, here)
    at = left.individual
    if at is not None and 0 <= at < len(inside) and inside[at] and not inside[left.born :].any():
        return left
    return Left(left.branch)


def _beginning(population: Population, name: str) -> Left:
    """Return the individual that a branch goes on from as long as it has none of its own."""
    view = population.branch(name)
    at, inside = view.branch.at, view.members()
    if 0 <= at < len(inside) and inside[at] and not inside[view.branch.fork :].any():
        return Left(name, at)
    return Left(name)


def leave(population: Population, branch: str, individual: int | None = None) -> None:
    """Remember where a population is left, if the disk allows it: nothing depends on it."""
    data = json.dumps(Left(branch, individual, len(population))._asdict()).encode()
    with contextlib.suppress(OSError, ArchiveError):
        write_file(population.path, LEFT, data)


def copy_of_left(path: Path) -> str | None:
    """Return the file for a copy of the population in `path`; None if that was left nowhere."""
    left = _read(path / LEFT)
    return left and json.dumps(left._asdict())


def _read(file: Path) -> Left | None:
    place = small_object(file, _LONGEST)
    branch, individual, born = (place.get(name) for name in Left._fields)
    if not isinstance(branch, str) or type(born) is not int or born < 0:
        return None
    return Left(branch, individual if type(individual) is int else None, born)
