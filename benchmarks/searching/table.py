"""The tables of `benchmarks.headless`: means over prompts, with paired bootstrap intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.searching.measures import interval

BASE = "best-of-n"
Means = Mapping[str, NDArray[np.float64]]
"""By strategy: (prompts,), means over seeds of the prompts that all strategies have."""


def print_tables(results: Sequence[Mapping[str, Any]]) -> None:
    """Print a table for each scorer, lock and budget."""
    kinds = sorted({(r["fitness"], r["locked"], r["budget"]) for r in results})
    for fitness, locked, budget in kinds:
        part = [
            r
            for r in results
            if (r["fitness"], r["locked"], r["budget"]) == (fitness, locked, budget)
        ]
        print_table(
            part, f"{fitness}{', guidance locked' if locked else ''}, {budget} full pictures"
        )


def print_table(part: Sequence[Mapping[str, Any]], title: str) -> None:
    """Print one row for each strategy."""
    strategies = list(dict.fromkeys(r["strategy"] for r in part))
    places = defaultdict[str, set[tuple[int, int]]](set)
    for r in part:
        places[r["strategy"]].add((r["prompt"], r["seed"]))
    common = set.intersection(*places.values())
    if not common:
        return
    prompts = sorted({prompt for prompt, _ in common})
    judges = [name for name in ("first", "second") if all(name in r for r in part)]

    def means(name: str) -> Means:
        cells = defaultdict[tuple[str, int], list[float]](list)
        for r in part:
            if (r["prompt"], r["seed"]) in common:
                cells[r["strategy"], r["prompt"]].append(float(r[name]))
        return {s: np.array([np.mean(cells[s, p]) for p in prompts]) for s in strategies}

    seeds = len(common) / len(prompts)
    print(f"\n{title}: {len(prompts)} prompts, {seeds:.1f} seeds; gains over {BASE} with 95 %")
    heads = "".join(f"{f'{j} judge':>11}{'gain':>25}{'worse':>7}" for j in judges)
    print(f"{'strategy':<34}{'cost':>6}{'score':>8}{heads}{'solved':>8}{'variety':>9}{'ratio':>7}")
    cost, score, spread = means("full_pictures"), means("score"), means("variety")
    held = {judge: means(judge) for judge in judges}
    solved = [means(f"{judge}_solved") for judge in judges]
    for s in strategies:
        cells, ratios = "", []
        for judge in judges:
            values = held[judge]
            gain = values[s] - values.get(BASE, values[s])
            low, high = interval(gain)
            told = f"{gain.mean():+.3f} [{low:+.3f}, {high:+.3f}]"
            cells += f"{values[s].mean():11.3f}{told:>25}{(gain < -0.05).sum():7d}"
            ratios.append(_ratio(part, s, judge))
        both = np.minimum.reduce([one[s] for one in solved]).mean()
        print(
            f"{s[:33]:<34}{cost[s].mean():6.1f}{score[s].mean():8.3f}{cells}{both:8.0%}"
            f"{np.nanmean(spread[s]):9.3f}{np.mean(ratios):7.2f}"
        )


def _ratio(part: Sequence[Mapping[str, Any]], strategy: str, judge: str) -> float:
    """Held-out gain over guided gain, each in deviations of pictures that nothing guides."""
    gains = []
    for name in (judge, "score"):
        rows = [(r[name], r[f"unguided_{name}"]) for r in part if r["strategy"] == strategy]
        gain = np.mean([value - np.mean(without) for value, without in rows])
        gains.append(gain / np.sqrt(np.mean([np.var(without) for _, without in rows])))
    return float(gains[0] / gains[1])
