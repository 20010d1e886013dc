"""The tables of `benchmarks.headless`: means over prompts, with paired bootstrap intervals."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.scripting.intervals import written

BASE = "best-of-n"
OWN = "evolve"
WORSE = 0.05
"""By how much the mean log-probability of a prompt is lower where it counts as worse."""


def print_tables(results: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> None:
    """Print a table for each scorer, lock and budget; `texts` are the prompts."""
    kinds = sorted({(r["fitness"], r["locked"], r["budget"]) for r in results})
    for fitness, locked, budget in kinds:
        part = [
            r
            for r in results
            if (r["fitness"], r["locked"], r["budget"]) == (fitness, locked, budget)
        ]
        title = f"{fitness}{', guidance locked' if locked else ''}, {budget} full pictures"
        print_table(part, title)
        print_ahead(part)
        print_worse(part, texts)


def print_table(part: Sequence[Mapping[str, Any]], title: str) -> None:
    """Print one row for each strategy: over the searches that it and the base both did."""
    judges, by_place = _judges(part), _by_place(part)
    heads = "".join(f"{f'{j} judge':>14}{'gain':>25}{'worse':>7}" for j in judges)
    print(f"\n{title}; gains over {BASE} at the same prompts and seeds, with 95 % intervals")
    print(
        f"{'strategy':<20}{'searches':>9}{'cost':>7}{'guided':>8}{heads}{'solved':>8}{'variety':>9}"
        f"{'ratio':>7}"
    )
    for strategy, mine in by_place.items():
        base = by_place.get(BASE, mine)
        places = sorted(mine.keys() & base.keys())
        if places:
            rows, others = [mine[p] for p in places], [base[p] for p in places]
            print(f"{strategy[:19]:<20}{len(rows):9d}{_cells(rows, others, judges)}")


def print_ahead(part: Sequence[Mapping[str, Any]]) -> None:
    """Print how far our strategy is ahead of each other, at the searches that both did."""
    by_place = _by_place(part)
    judges = _judges(part)
    for strategy, other in by_place.items():
        mine = by_place.get(OWN, {})
        places = sorted(mine.keys() & other.keys())
        if strategy == OWN or not places:
            continue
        cells = ""
        for judge in judges:
            _, interval = _ahead([mine[p] for p in places], [other[p] for p in places], judge)
            cells += f"{judge:>8} {interval}"
        print(f"{OWN} over {strategy[:19]:<20}{len(places):9d}{cells}")


def _judges(part: Sequence[Mapping[str, Any]]) -> list[str]:
    return [name for name in ("first", "second") if all(name in r for r in part)]


def _by_place(
    part: Sequence[Mapping[str, Any]],
) -> Mapping[str, Mapping[tuple[int, int], Mapping[str, Any]]]:
    """Return results by strategy, and by prompt and seed."""
    by_place = defaultdict[str, dict[tuple[int, int], Mapping[str, Any]]](dict)
    for r in part:
        by_place[r["strategy"]][r["prompt"], r["seed"]] = r
    return by_place


def print_worse(part: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> None:
    """Print the prompts that both judges find worse by our strategy than by the base."""
    if not all("second" in r for r in part):
        return
    by = {(r["strategy"], r["prompt"], r["seed"]): r for r in part}
    both = [(p, s) for name, p, s in by if name == OWN and (BASE, p, s) in by]
    lost = defaultdict[int, list[float]](list)
    for p, s in both:
        mine, other = by[OWN, p, s], by[BASE, p, s]
        lost[p].append(max(mine[j] - other[j] for j in ("first", "second")))
    worse = {p: float(np.mean(values)) for p, values in lost.items() if np.mean(values) < -WORSE}
    print(f"{len(worse)} of {len(lost)} prompts are worse for both judges with {OWN}:")
    for p in sorted(worse, key=lambda p: worse[p]):
        print(f"  {worse[p]:+.2f}  {texts[p]}")


def _cells(
    rows: Sequence[Mapping[str, Any]],
    others: Sequence[Mapping[str, Any]],
    judges: Sequence[str],
) -> str:
    def mean(name: str) -> float:
        return float(np.nanmean([r[name] for r in rows]))

    guided = _gain([(value, r["unguided"][one]) for r in rows for one, value in r["score"].items()])
    cells, held = f"{mean('full_pictures'):7.1f}{guided:8.2f}", []
    for judge in judges:
        gain, interval = _ahead(rows, others, judge)
        cells += f"{mean(judge):14.3f}{interval:>25}{(gain < -WORSE).sum():7d}"
        held.append(_gain([(r[judge], r["unguided"][judge]) for r in rows]))
    solved = np.mean([all(r[f"{judge}_solved"] for judge in judges) for r in rows])
    return f"{cells}{solved:8.0%}{mean('variety'):9.3f}{np.mean(held) / guided:7.2f}"


def _ahead(
    rows: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]], judge: str
) -> tuple[NDArray[np.float64], str]:
    """Return how much better a judge finds searches than others, by prompt and in words."""
    gain = _by_prompt(rows, judge) - _by_prompt(others, judge)
    return gain, written(gain, "{:+.3f}")


def _by_prompt(rows: Sequence[Mapping[str, Any]], name: str) -> NDArray[np.float64]:
    """Return the mean over seeds of each prompt, (prompts,)."""
    values = defaultdict[int, list[float]](list)
    for r in rows:
        values[r["prompt"]].append(float(r[name]))
    return np.array([np.mean(values[prompt]) for prompt in sorted(values)])


def _gain(pairs: Sequence[tuple[float, Sequence[float]]]) -> float:
    """Return how much better values are than what nothing guides, in deviations of that."""
    gain = np.mean([value - np.mean(without) for value, without in pairs])
    return float(gain / np.sqrt(np.mean([np.var(without) for _, without in pairs])))
