"""The forest of main parents as text, drawn as `git log --graph` draws history, oldest first.

Every individual is one line. The child with the largest family goes on in the column of its parent
and the others branch off, so a drawing of n individuals is at most log2(n) columns deep.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import takewhile

from evolve.search.individual import Verdict
from evolve.search.verdicts import Verdicts
from populations.lineage.descent import Births, upwards

SCORED = 24
"""Individuals that count as notable for their score alone."""


def notable(births: Births, verdicts: Mapping[int, Verdict]) -> set[int]:
    """Return the rated, the pinned and the best by score, with the lines they come from."""
    known = Verdicts.of(verdicts)
    scores = known.scores.to_dict()
    chosen = set(heapq.nsmallest(SCORED, scores, key=lambda i: (-scores[i], i)))
    chosen |= {i for i, verdict in known.judged.items() if verdict.rating or verdict.pinned}
    shown: set[int] = set()
    for one in chosen:
        shown.update(takewhile(lambda i: i not in shown, upwards(births, one)))
    return shown


def draw(births: Births, shown: Collection[int], label: Callable[[int], str]) -> Iterator[str]:
    """Yield the drawing of those that are `shown` line by line; `label` says what to write of each.

    Where a main parent is not among them, a tree begins.
    """
    children = children_of(births, shown)
    size = dict.fromkeys(children, 1)
    for i in sorted(children, reverse=True):
        size[i] += sum(size[child] for child in children[i])
    born = set().union(*children.values())
    roots = [i for i in sorted(children) if i not in born]

    waiting = [("", root, False) for root in reversed(roots)]
    while waiting:  # an explicit stack: lines get longer than Python's
        indent, i, aside = waiting.pop()
        if i in roots[1:]:
            yield ""
        yield f"{indent}{'├─' if aside else ''}● {label(i)}"
        inner = indent + ("│ " if aside else "")
        if children[i]:
            heir = max(children[i], key=lambda child: (size[child], -child))
            waiting.append((inner, heir, False))
            waiting += [(inner, child, True) for child in reversed(children[i]) if child != heir]


def children_of(births: Births, shown: Collection[int]) -> dict[int, list[int]]:
    """Return all that are `shown`, each with its children among them, in order of birth."""
    children: dict[int, list[int]] = {i: [] for i in sorted(shown)}
    for i in children:
        for main in births[i].parents[:1]:
            if main in children:
                children[main].append(i)
    return children
