"""Branches: ways of going on from an earlier point, side by side in one population.

A branch is a row: its name, the branch it left, and how many individuals had been born by then.
Every individual knows the branch it was born in (`individuals/branch`), so the members of a branch
are its own and those of its parent up to the fork. Nothing is copied, and ids stay what they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evolve.errors import ArchiveError
from populations.format.failures import DamagedError
from populations.format.ledger import Ledger
from populations.home.names import MAIN, MAX_NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """One of the ways that a population was bred on."""

    id: int
    """0 is the main branch, which every population has."""
    name: str
    parent: int = -1
    """Branch it left; -1 for the main branch."""
    fork: int = 0
    """Members of the parent with smaller ids are members of the branch too."""
    at: int = -1
    """Individual it was made to go on from; -1 if it was a moment."""


def read_branches(ledger: Ledger) -> list[Branch]:
    """Return all branches, the main one first.

    Raises:
        DamagedError: They cannot be read, or one leaves what cannot be left.
    """
    branches = branch_rows(ledger)
    for branch in branches[1:]:
        if not 0 <= branch.parent < branch.id or branch.fork < 0:
            raise DamagedError(ledger.path.name, f"branch {branch.id} has an invalid beginning")
    return branches


def branch_rows(ledger: Ledger) -> list[Branch]:
    """Return all branches as they stand there, whether they make sense or not."""
    table = ledger.table("branches")
    columns = (table.read(name).tolist() for name in ("name", "parent", "fork", "at"))
    rows = enumerate(zip(*columns, strict=True), start=1)
    return [
        Branch(id=0, name=MAIN),
        *(Branch(id=i, name=n, parent=p, fork=f, at=at) for i, (n, p, f, at) in rows),
    ]


def members(
    branches: Sequence[Branch], branch: Branch, born_in: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Return which individuals belong to a branch, given the branch that each was born in."""
    inside: NDArray[np.bool_] = born_in == branch.id
    limit = len(born_in)
    while branch.parent >= 0:
        limit = min(limit, branch.fork)
        branch = branches[branch.parent]
        inside[:limit] |= born_in[:limit] == branch.id
    return inside


def named(branches: Sequence[Branch], name: str) -> Branch:
    """Return the branch called `name`.

    Raises:
        ArchiveError: There is none.
    """
    for branch in branches:
        if branch.name == name:
            return branch
    there = ", ".join(branch.name for branch in branches)
    raise ArchiveError(f"no branch named '{name}': the branches are {there}")


def there_already(branches: Sequence[Branch], name: str, rows: int) -> Branch:
    """Return a branch, or the one from which it came if there were only so many rows by then.

    Raises:
        ArchiveError: There is no branch of that name.
    """
    branch = named(branches, name)
    while branch.id > rows:
        branch = branches[branch.parent]
    return branch


def leaving(
    branches: Sequence[Branch],
    born_in: NDArray[np.int32],
    *,
    name: str,
    fork: int,
    at: int | None,
    of: str | None = None,
) -> Branch:
    """Return a new branch that leaves the one named `of`.

    Without a name it leaves that of individual `at`, or else of the last before the fork.

    Raises:
        ArchiveError: The name is taken or impossible, or there is no individual before the fork,
            or no branch to leave.
    """
    if any(branch.name == name for branch in branches):
        raise ArchiveError(f"branch '{name}' exists already: choose another name")
    _check_name(name)
    if fork == 0:
        raise ArchiveError("the population was empty by then: choose a later moment")
    last = fork - 1 if at is None else at
    parent = int(born_in[last]) if of is None else named(branches, of).id
    if not 0 <= parent < len(branches):
        raise ArchiveError(f"individual {last} belongs to no branch: choose another")
    return Branch(
        id=len(branches), name=name, parent=parent, fork=fork, at=-1 if at is None else at
    )


def _check_name(name: str) -> None:
    if len(name) > MAX_NAME:
        shown = f"{name[:20]}…"
        raise ArchiveError(f"the name {shown!r} is too long: use up to {MAX_NAME} characters")
    if not name.strip():
        raise ArchiveError(f"a branch cannot be named {name!r}: use 1 to {MAX_NAME} characters")
    if not name.isprintable():
        raise ArchiveError(
            f"a branch cannot be named {name!r}: leave out line breaks and other control characters"
        )
