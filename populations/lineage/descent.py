"""Ancestors and descendants, read from births alone.

The first parent of an individual is its main parent. The *line* of an individual is the chain of
main parents up to a founder: each has one line, and the lines of a population form a forest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from evolve.errors import ArchiveError
from evolve.search import births as columns
from evolve.search.individual import Birth

Births = Sequence[Birth]
"""All births of a population: the one of individual `i` is at `i`."""


def ancestors(births: Births, individual: int) -> list[int]:
    """Return the ids that `individual` descends from through any parent, in order."""
    parents, children = columns.Births.of(births).links
    until = int(children.searchsorted(individual, side="right"))
    marked = bytearray(individual + 1)
    marked[individual] = 1
    upwards = zip(parents[:until][::-1].tolist(), children[:until][::-1].tolist(), strict=True)
    for parent, child in upwards:  # the youngest first: parents are born before their children
        if marked[child]:
            marked[parent] = 1
    return [i for i in range(individual) if marked[i]]


def descendants(births: Births, individual: int) -> list[int]:
    """Return the ids that descend from `individual` through any parent, in order."""
    parents, children = columns.Births.of(births).links
    marked = bytearray(len(births))
    marked[individual] = 1
    for parent, child in zip(parents.tolist(), children.tolist(), strict=True):
        if marked[parent]:
            marked[child] = 1
    return [i for i in range(individual + 1, len(births)) if marked[i]]


def upwards(births: Births, individual: int) -> Iterator[int]:
    """Yield `individual`, its main parent, the main parent of that, and so on to the founder."""
    known = columns.Births.of(births)
    while individual >= 0:
        yield individual
        individual = known.main(individual)


def common_ancestor(births: Births, a: int, b: int) -> int | None:
    """Return the youngest that both `a` and `b` descend from or are, None if they are unrelated."""
    of_a, of_b = {a, *ancestors(births, a)}, {b, *ancestors(births, b)}
    return max(of_a & of_b, default=None)


def line(births: Births, individual: int, since: int | None = None) -> list[int]:
    """Return the line of descent that ends with `individual`, the oldest first.

    It begins with the founder on the main line, or with `since`: an ancestor that is not on it is
    reached through as few generations as possible; where there is a choice, through main parents.

    Raises:
        ArchiveError: `individual` does not descend from `since`.
    """
    chain = [*upwards(births, individual)]
    if since is None:
        return chain[::-1]
    if since in chain:
        return chain[chain.index(since) :: -1]
    return _shortest(births, individual, since)


def _shortest(births: Births, individual: int, since: int) -> list[int]:
    child_of: dict[int, int] = {}
    waiting = deque([individual])
    while waiting and since not in child_of:
        child = waiting.popleft()
        for parent in births[child].parents:
            if parent not in child_of:
                child_of[parent] = child
                waiting.append(parent)
    if since not in child_of:
        shared = common_ancestor(births, individual, since)
        raise ArchiveError(
            f"individual {individual} does not descend from {since}: "
            + (f"both descend from {shared}" if shared is not None else "they are unrelated")
        )
    line = [since]
    while line[-1] != individual:
        line.append(child_of[line[-1]])
    return line
