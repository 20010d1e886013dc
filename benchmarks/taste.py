"""How soon does a person see what they like, by each way of making pages?

A simulated person has a hidden taste: 2, 4 or 8 attributes as the judge reads them in a picture,
each value worth a draw from N(0, 1), with interactions of pairs, and for a fifth of the variance
how light, colourful, busy and uneven a picture is, which no word names. They answer each page of 12
with ratings from 1 to 5:

    ideal      rates on one scale, without mistakes
    wrong      a fifth of the ratings are drawn at random
    relative   rates relative to the page, with noise
    drifting   likes something else after each page: the taste turns by 12 degrees
    switching  likes something else altogether from page 5 on (asked for by name only)

and look for a picture among the best of a pool of founders that was fixed before. Ways to make
pages, all from the same founders:

    random     founders
    plain GA   the two best of the page stay, the others are slerps of them, turned by 11.5 degrees
    (1+11)-ES  the best so far and eleven turned by 25 degrees
    GP pool    the highest upper confidence bounds among founders that are all painted beforehand
    ratings    the search, with parents by their own ratings
    taste      pages by taste: nothing is painted but the page
    among 24   pages by taste, each chosen among 24 that are painted for it
    among 60   the same among 60

    python -m benchmarks.taste [--seeds 24] [--pages 9] [--pool 400] [--steps 8]
        [--raters ideal wrong ...] [--ways ...] [--kept FOLDER]

Seeds are paired: all ways have the same taste, the same founders and the same mistakes. Seed k is a
person of the k-th kind of `--raters`, in turn. Pictures and results are kept in the folder, so that
an interrupted run goes on. Shown are the mean percentile of the page that follows 24, 48 and 96
answers, how many pictures were seen until the target (those who never saw one count as all they
saw), how far apart the pictures of pages 4 on are relative to founders, the least distance of two
on a page, and how much higher the pages 4 on are than those by ratings and those of the plain GA,
with the 95 % interval over seeds (Student's t).

    python -m benchmarks.taste --stand-in

does the same with a made-up generator, on which everything was tuned, with other tastes and seeds.
    python -m benchmarks.taste --times

measures how long a taste takes to learn and to think of a page, after up to 500 answers.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tasting.person import Array, Likes, Seen, rated
from benchmarks.tasting.ways import PAGE, WAYS, World
from evolve import load_renderer
from evolve.taste.features import Features

MANY = (2, 4, 8)
DRIFT = np.radians(12)
RATERS = ("ideal", "wrong", "relative", "drifting", "switching")
AFTER = (24, 48, 96)
TARGET = 0.99
SWITCH = 4
STUDENT = {2: 12.7, 3: 4.3, 4: 3.18, 5: 2.78, 6: 2.57, 8: 2.36, 10: 2.26, 15: 2.14, 20: 2.09}
STUDENT |= {30: 2.04, 60: 2.0}

Row = Mapping[str, Any]


def evening(how: str, rater: str, seed: int, pages: int, world: World) -> Row:
    """Return what happened in one evening of a person."""
    likes, features = Likes(seed, MANY[seed // 5 % len(MANY)], world.pool), _features(world.pool)
    way = WAYS[how](world, seed)
    percentiles, until, apart, nearest = [], 0, [], []
    began, painted = time.perf_counter(), world.painted()
    for page in range(pages):
        turn = page * DRIFT if rater == "drifting" else 0.0
        if rater == "switching" and page >= SWITCH:
            turn = np.pi / 2
        seen = way.page()
        liked = likes(seen, turn)
        below = likes.below(liked, turn)
        percentiles.append(round(float(below.mean()), 4))
        if not until and (below >= TARGET).any():
            until = page * PAGE + int((below >= TARGET).argmax()) + 1
        way.told(rated(rater, liked, np.random.default_rng([19, seed, page])))
        chords = _chords(features, seen)
        apart.append(round(float(np.median(chords)), 4))
        nearest.append(round(float(chords.min()), 4))
    return {
        "way": how,
        "rater": rater,
        "seed": seed,
        "pages": percentiles,
        "until": until or pages * PAGE,
        "found": bool(until),
        "apart": apart,
        "nearest": nearest,
        "painted": world.painted() - painted,
        "seconds": round(time.perf_counter() - began, 1),
    }


def _features(pool: Seen) -> Features:
    return Features(np.array([look[0].vector for look in pool.looks], np.float64))


def _chords(features: Features, seen: Seen) -> Array:
    """Distances of all pairs, 1 for two founders."""
    vectors = features.of(np.array([look[0].vector for look in seen.looks], np.float64))
    square = np.clip(2 - 2 * vectors @ vectors.T, 0, None)[np.triu_indices(len(vectors), 1)]
    return np.asarray(np.sqrt(square / features.length))


def main() -> None:
    """Let persons look, and print a table for each kind of them and for all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--pages", type=int, default=9)
    parser.add_argument("--pool", type=int, default=400)
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--raters", nargs="+", choices=RATERS, default=RATERS[:4])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=[*WAYS])
    parser.add_argument("--kept", type=Path, default=Path("/tmp/fancier-tasting"))
    parser.add_argument("--stand-in", action="store_true")
    parser.add_argument("--times", action="store_true")
    args = parser.parse_args()
    if args.times:
        times(World.made_up())
        return
    args.kept.mkdir(parents=True, exist_ok=True)
    with nullcontext() if args.stand_in else load_renderer("portraits") as renderer:
        world = (
            World.made_up()
            if renderer is None
            else World.painted_by(renderer, args.kept / "seen.sqlite", args.pool, args.steps)
        )
        name = "stand-in" if args.stand_in else f"{args.steps}-{args.pool}"
        done = args.kept / f"evenings-{name}-{args.pages}.jsonl"
        rows = _read(done)
        for seed in range(args.first, args.first + args.seeds):
            rater = args.raters[seed % len(args.raters)]
            for how in args.ways:
                if (how, rater, seed) in rows:
                    continue
                row = evening(how, rater, seed, args.pages, world)
                rows[how, rater, seed] = row
                with done.open("a") as file:
                    file.write(json.dumps(row) + "\n")
                print(json.dumps(row), flush=True)
    show(list(rows.values()), args.ways)


def _read(file: Path) -> dict[tuple[str, str, int], Row]:
    lines = file.read_text().splitlines() if file.exists() else []
    rows = map(json.loads, lines)
    return {(row["way"], row["rater"], row["seed"]): row for row in rows}


def show(rows: Sequence[Row], ways: Sequence[str]) -> None:
    """Print a table for all persons, then one for each kind."""
    print(f"\n{'':<22}", *(f"{f'after {n}':>9}" for n in AFTER), f"{'seen (median)':>16}", end="")
    print(f"{'found':>7}{'apart':>7}{'nearest':>9}{'painted':>9}", end="")
    print(f"{'over ratings, pages 4 on':>28}{'over plain GA':>20}")
    for rater in ("all", *RATERS):
        mine = [row for row in rows if rater in ("all", row["rater"])]
        if rater == "all":
            mine = [row for row in mine if row["rater"] != "switching"]
        for how in ways:
            of = {(row["rater"], row["seed"]): row for row in mine if row["way"] == how}
            if of:
                _line(f"{rater}: {how}", of, mine)


def _line(name: str, of: Mapping[tuple[str, int], Row], rows: Sequence[Row]) -> None:
    pages = np.array([row["pages"] for row in of.values()])
    cells = [
        f"{pages[:, n // PAGE].mean():9.2f}" if n // PAGE < pages.shape[1] else " " * 9
        for n in AFTER
    ]
    until = np.array([row["until"] for row in of.values()])
    found = np.mean([row["found"] for row in of.values()])
    apart = np.mean([row["apart"][3:] for row in of.values()])
    nearest = np.mean([row["nearest"][3:] for row in of.values()])
    painted = np.mean([row["painted"] for row in of.values()])
    print(f"{f'{name} ({len(of)})':<26}", *cells, end="")
    print(f"{f'{until.mean():.0f} ({np.median(until):.0f})':>12}{found:7.0%}", end="")
    print(f"{apart:7.2f}{nearest:9.2f}{painted:9.0f}", end="")
    for other in ("ratings", "plain GA"):
        base = {(r["rater"], r["seed"]): r for r in rows if r["way"] == other}
        both = sorted(of.keys() & base.keys())
        gain = [np.mean(of[k]["pages"][3:]) - np.mean(base[k]["pages"][3:]) for k in both]
        print(f"{_interval(np.array(gain)) if len(gain) > 1 else '':>24}", end="")
    print(flush=True)


def _interval(values: Array) -> str:
    known = max(n for n in STUDENT if n <= len(values))
    half = STUDENT[known] * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():+.3f} ± {half:.3f}"


def times(world: World) -> None:
    """Print how long learning and thinking of a page take, in milliseconds."""
    from benchmarks.tasting.ways import ByPages

    print(f"{'answers':>8}{'learn':>9}{'page of 12':>12}   (ms, median of 9)")
    likes, way = Likes(0, 4, world.pool), ByPages(world, 0)
    rng = np.random.default_rng(0)
    for page in range(42):
        seen = way.page()
        way.told(rated("relative", likes(seen), rng))
        if (answers := (page + 1) * PAGE) in (24, 48, 96, 252, 504):
            taken = np.array([way.timed() for _ in range(9)])
            learn, thought = np.median(taken, axis=0) * 1000
            print(f"{answers:8}{learn:9.1f}{thought:12.1f}", flush=True)


if __name__ == "__main__":
    main()
