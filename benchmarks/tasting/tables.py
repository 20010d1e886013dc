"""What a simulated evening came to, as tables: pages, how soon, how well foretold, how varied."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.scripting.intervals import ratio
from benchmarks.tasting.person import RATERS, Array
from benchmarks.tasting.ways import PAGE

Row = Mapping[str, Any]
Key = tuple[str, int]

AFTER = (24, 48, 96)
"""Answers after which a way is looked at."""
SWITCH = 4
"""Page, from 0, on which a person who switches likes something else."""
STUDENT = {2: 12.7, 3: 4.3, 4: 3.18, 5: 2.78, 6: 2.57, 8: 2.36, 10: 2.26, 15: 2.14, 20: 2.09}
STUDENT |= {30: 2.04, 60: 2.0}


def show(rows: Sequence[Row], ways: Sequence[str]) -> None:
    """Print tables of all persons but those who switch, and of each kind."""
    kinds = ["all", *(kind for kind in RATERS if any(row["rater"] == kind for row in rows))]
    for title, line in (("pages", _pages), ("seen until the target", _seen)):
        print(f"\n{title}")
        for kind in kinds:
            mine = [row for row in rows if kind in (row["rater"], "all")]
            if kind == "all":
                mine = [row for row in mine if row["rater"] != "switching"]
            for how in ways:
                if of := _of(mine, how):
                    print(f"{f'{kind}: {how} ({len(of)})':<30}", line(of, mine), flush=True)
    if switched := [row for row in rows if row["rater"] == "switching"]:
        print(f"\npages of those who like something else from page {SWITCH + 1} on")
        for how in ways:
            if of := _of(switched, how):
                means = np.mean([row["pages"] for row in of.values()], 0)
                print(f"{how:<30}", *(f"{mean:.2f}" for mean in means))


def _of(rows: Sequence[Row], how: str) -> dict[Key, Row]:
    return {(row["rater"], row["seed"]): row for row in rows if row["way"] == how}


def _pages(of: Mapping[Key, Row], rows: Sequence[Row]) -> str:
    """Percentiles, foresight, variety, and what pages 4 on are better than by others."""
    pages = np.array([row["pages"] for row in of.values()])
    late = pages[:, [n // PAGE for n in AFTER if n // PAGE < pages.shape[1]]].mean(0)
    foretold = [row["foreseen"] for row in of.values() if row.get("foreseen")]
    foreseen = np.mean(foretold, 0) if foretold else []
    apart = np.mean([row["apart"][3:] for row in of.values()])
    nearest = np.mean([row["nearest"][3:] for row in of.values()])
    painted = np.mean([row["painted"] for row in of.values()])
    text = "after " + " ".join(f"{each:.2f}" for each in late)
    text += "  foreseen " + (" ".join(f"{each:.2f}" for each in foreseen) or "-   -   -")
    text += f"  apart {apart:.2f} nearest {nearest:.2f} painted {painted:4.0f}"
    for other in ("ratings", "plain GA"):
        base = _of(rows, other)
        both = sorted(of.keys() & base.keys())
        gain = [np.mean(of[k]["pages"][3:]) - np.mean(base[k]["pages"][3:]) for k in both]
        if len(gain) > 1 and base[both[0]]["way"] != of[both[0]]["way"]:
            text += f"  over {other} {interval(np.array(gain))}"
    return text


def _seen(of: Mapping[Key, Row], rows: Sequence[Row]) -> str:
    """How soon one of the best is seen, and how much sooner than by others.

    That is the ratio of the means over persons, with its bootstrap interval.
    """
    until = np.array([row["until"] for row in of.values()])
    found = np.mean([row["found"] for row in of.values()])
    text = f"{until.mean():4.0f} ({np.median(until):3.0f}) found {found:4.0%}"
    rare = [row["rare"] for row in of.values() if row.get("rare")]
    if rare:
        length = len(next(iter(of.values()))["pages"]) * PAGE
        reached = np.mean([each < length for each in rare])
        text += f"  1 in 1000: {np.mean(rare):4.0f} ({np.median(rare):3.0f}) found {reached:4.0%}"
    for other in ("plain GA", "ratings", "GP pool"):
        base = _of(rows, other)
        both = sorted(of.keys() & base.keys())
        if len(both) > 1 and base[both[0]]["way"] != of[both[0]]["way"]:
            mine, theirs = (np.array([float(x[k]["until"]) for k in both]) for x in (of, base))
            fewer, low, high = ratio(theirs, mine)
            text += f"  than {other} {fewer:.1f}x [{low:.1f}, {high:.1f}]"
    return text


def interval(values: Array) -> str:
    """Return the mean with its 95 % interval (Student's t)."""
    known = max(n for n in STUDENT if n <= len(values))
    half = STUDENT[known] * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():+.3f} ± {half:.3f}"
