"""The conditions that the last bits of a picture follow from.

The same genome gives the same picture on the same device, in the same precision, with the same
number of CPU threads and versions of the libraries. Elsewhere another order of additions rounds
differently.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS = {"device": "on {}", "dtype": "in {}", "threads": "with {} threads"}


def differing(
    record: Mapping[str, Any], now: Mapping[str, Any]
) -> dict[str, tuple[str | None, str | None]]:
    """Return what is different now from when a picture was painted: then and now, by name.

    Both are records; what that of the painting lacks is taken to be as now. Names are `device`,
    `dtype`, `threads`, and those of libraries; None stands for a library that is not used.
    """
    changed: dict[str, tuple[str | None, str | None]] = {
        name: (str(record[name]), str(now[name]))
        for name in _WORDS
        if name in record and name in now and record[name] != now[name]
    }
    then, today = record.get("versions"), now.get("versions")
    if isinstance(then, Mapping) and isinstance(today, Mapping):
        for name in sorted({*then, *today}):
            if then.get(name) != today.get(name):
                before, after = then.get(name), today.get(name)
                changed[name] = (
                    None if before is None else str(before),
                    None if after is None else str(after),
                )
    return changed


def in_words(changed: Mapping[str, tuple[str | None, str | None]]) -> str:
    """Return `painted on …, here on …`; empty if nothing is different."""
    if not changed:
        return ""
    sides = ([_said(name, pair[k]) for name, pair in changed.items()] for k in (0, 1))
    then, now = (" ".join(side) for side in sides)
    return f"painted {then}, here {now}"


def _said(name: str, value: str | None) -> str:
    if name in _WORDS:
        return _WORDS[name].format(value)
    return f"without {name}" if value is None else f"with {name} {value}"
