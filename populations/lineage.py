"""Who descends from whom, read from births alone.

The first parent of an individual is its main parent. The *line* of an individual is the chain of
main parents up to a founder: everyone has one line, and the lines of a population form a forest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from evolve.errors import ArchiveError
from evolve.individual import Birth

Births = Sequence[Birth]
"""All births of a population: the one of individual `i` is at `i`."""


def ancestors(births: Births, individual: int) -> list[int]:
    """Return everyone that `individual` descends from through any parent, ordered by id."""
    found: set[int] = set()
    waiting = [individual]
    while waiting:
        parents = set(births[waiting.pop()].parents) - found
        found |= parents
        waiting += parents
    return sorted(found)


def descendants(births: Births, individual: int) -> list[int]:
    """Return everyone that descends from `individual` through any parent, ordered by id."""
    family = {individual}
    for i in range(individual + 1, len(births)):  # parents are born before their children
        if not family.isdisjoint(births[i].parents):
            family.add(i)
    return sorted(family - {individual})


def siblings(births: Births, individual: int) -> list[int]:
    """Return the other children of the main parent of `individual`; founders have none."""
    parents = births[individual].parents
    if not parents:
        return []
    family = range(parents[0] + 1, len(births))
    return [i for i in family if i != individual and births[i].parents[:1] == parents[:1]]


def common_ancestor(births: Births, a: int, b: int) -> int | None:
    """Return the youngest that both `a` and `b` descend from or are, None if they are no kin."""
    of_a, of_b = {a, *ancestors(births, a)}, {b, *ancestors(births, b)}
    return max(of_a & of_b, default=None)


def line(births: Births, individual: int, since: int | None = None) -> list[int]:
    """Return the line of descent that ends with `individual`, the oldest first.

    Args:
        births: All births.
        individual: Where the line ends.
        since: Where it begins; the founder on the main line if not given. An ancestor that is not
            on the main line is reached through as few generations as possible, and through main
            parents where there is a choice.

    Raises:
        ArchiveError: `individual` does not descend from `since`.
    """
    chain = [individual]
    while chain[-1] != since and births[chain[-1]].parents:
        chain.append(births[chain[-1]].parents[0])
    if since is None or chain[-1] == since:
        return chain[::-1]
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
            + (f"both descend from {shared}" if shared is not None else "they are no kin")
        )
    found = [since]
    while found[-1] != individual:
        found.append(child_of[found[-1]])
    return found
