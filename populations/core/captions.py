"""Individuals in a few characters, for drawings, contact sheets and reports."""

from __future__ import annotations

from collections.abc import Sequence

from evolve.search.individual import Verdict


def named(individual: int, verdict: Verdict | None) -> str:
    """Return the id with its judgements: `12 **** pin`."""
    if verdict is None:
        return str(individual)
    stars = "*" * (verdict.rating or 0)
    marks = (stars, "pin" if verdict.pinned else "", "x" if verdict.rejected else "")
    return " ".join([str(individual), *filter(None, marks)])


def numbers(ids: Sequence[int]) -> str:
    """Return ids, or rows, as `0 to 3, 7`."""
    runs: list[list[int]] = []
    for i in sorted(ids):
        if runs and i == runs[-1][1] + 1:
            runs[-1][1] = i
        else:
            runs.append([i, i])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in runs)


def which(noun: str, ids: Sequence[int]) -> str:
    """Return rows or individuals by number: `row 3`, `individuals 0 to 3, 7`."""
    return f"{noun}{'s' * (len(ids) != 1)} {numbers(ids)}"


def numbered(ids: Sequence[int]) -> str:
    """Return individuals as people write them: `#0 and #1`, `#3 to #14`, `#3, #7 to #9`."""
    runs = [run.split(" to ") for run in numbers(ids).split(", ")] if ids else []
    parts: list[str] = []
    for first, *last in runs:
        if last and int(last[0]) == int(first) + 1:
            parts += [f"#{first}", f"#{last[0]}"]
        else:
            parts.append(" to ".join(f"#{id}" for id in (first, *last)))
    return " and ".join(parts) if len(parts) == 2 else ", ".join(parts)


def known_ids(count: int) -> str:
    """Return which ids there are, for the error about one that is not."""
    return f"ids go from 0 to {count - 1}" if count else "there are none yet"


def counted(count: int, noun: str) -> str:
    """Return a number of things: `1 picture`, `12 pictures`."""
    return f"{count} {noun}{'s' * (count != 1)}"
