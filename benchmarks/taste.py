"""How soon does a person see what they like, by each way of making pages?

A simulated person has a hidden taste: 2, 4 or 8 attributes as the judge reads them in a picture,
each value worth a draw from N(0, 1), with interactions of pairs, and for a fifth of the variance
how light, colourful, busy and uneven a picture is, which no word names. They answer each page of 12
with ratings from 1 to 5:

    ideal      rates on one scale, without mistakes
    wrong      a fifth of the ratings are drawn at random
    relative   rates relative to the page, with noise
    drifting   likes something else after each page: the taste turns by 12 degrees

and look for a picture among the best percent of a pool of founders that was fixed before. Ways to
make pages, all from the same founders:

    random     founders
    plain GA   the two best of the page stay, the others are slerps of them, turned by 11.5 degrees
    (1+11)-ES  the best so far and eleven turned by 25 degrees
    GP pool    the highest upper confidence bounds among founders that are all painted beforehand
    ratings    the search, with parents by their own ratings
    taste      the search, with parents by what was learnt
    among 24   the same, each page chosen among 24 that are painted for it

    python -m benchmarks.taste [--seeds 6] [--pages 9] [--pool 400] [--raters ideal wrong ...]

Seeds are paired: all ways have the same taste, the same founders and the same mistakes. Shown are
the mean percentile of the page that follows 24, 48 and 96 answers, how many pictures were seen
until the first of the best percent (those who never saw one count as all they saw), and how much
higher the pages 4 and on are than those by ratings, with the 95 % interval over seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

import numpy as np

from benchmarks.tasting.person import Array, Eye, Likes, Seen, rated
from benchmarks.tasting.ways import PAGE, Among, BySearch, OverPool, Turning, founders
from evolve import load_renderer

MANY = (2, 4, 8)
DRIFT = np.radians(12)
RATERS = ("ideal", "wrong", "relative", "drifting")
WAYS = ("random", "plain GA", "(1+11)-ES", "GP pool", "ratings", "taste", "among 24")
AFTER = (24, 48, 96)
TARGET = 0.99


def evening(
    how: str, rater: str, seed: int, pages: int, eye: Eye, pool: Seen, other: Seen
) -> tuple[Array, int]:
    """Return the mean percentile of each page, and how many pictures were seen until the target."""
    likes = Likes(seed, MANY[seed % len(MANY)], pool)
    over = OverPool(other) if how == "GP pool" else None
    kinds = {"plain GA": "ga", "(1+11)-ES": "es"}
    maker: Turning | BySearch
    if how in kinds:
        maker = Turning(seed, kinds[how])
    else:
        maker = Among(seed, eye) if how == "among 24" else BySearch(seed, how)
    percentiles, until = [], 0
    for page in range(pages):
        turn = page * DRIFT if rater == "drifting" else 0.0
        level = np.sort(likes(pool, turn))
        seen = other[over.places()] if over else eye(maker.page())
        liked = likes(seen, turn)
        below = np.searchsorted(level, liked) / len(level)
        percentiles.append(below.mean())
        if not until and (below >= TARGET).any():
            until = page * PAGE + int((below >= TARGET).argmax()) + 1
        ratings = rated(rater, liked, np.random.default_rng([19, seed, page]))
        if over:
            over.told(ratings)
        else:
            maker.told(seen, ratings)
    return np.array(percentiles), until or pages * PAGE


def main() -> None:
    """Let persons look, and print a table for each kind of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--pages", type=int, default=9)
    parser.add_argument("--pool", type=int, default=400)
    parser.add_argument("--raters", nargs="+", choices=RATERS, default=RATERS)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    args = parser.parse_args()
    with load_renderer("portraits") as renderer:
        eye = Eye(renderer)
        pool, other = (eye(founders(seed, args.pool)) for seed in (999_983, 999_979))
        for rater in args.raters:
            found: dict[str, list[tuple[Array, int]]] = {how: [] for how in args.ways}
            for seed in range(args.first, args.first + args.seeds):
                for how in args.ways:
                    found[how].append(evening(how, rater, seed, args.pages, eye, pool, other))
            print(f"\n{rater}: {args.seeds} tastes, seeds {args.first} on", flush=True)
            show(found)


def show(found: Mapping[str, list[tuple[Array, int]]]) -> None:
    """Print a row for each way to make pages."""
    pages = {how: np.stack([one for one, _ in rows]) for how, rows in found.items()}
    heads = "".join(f"{f'after {count}':>10}" for count in AFTER)
    print(f"{'':<12}{heads}{'seen (median)':>16}{'over ratings, pages 4 on':>28}")
    for how, rows in found.items():
        cells = "".join(
            f"{pages[how][:, count // PAGE].mean():10.2f}"
            if count // PAGE < pages[how].shape[1]
            else f"{'':>10}"
            for count in AFTER
        )
        until = np.array([count for _, count in rows])
        line = f"{how:<12}{cells}{f'{until.mean():.0f} ({np.median(until):.0f})':>16}"
        if "ratings" in pages and how != "ratings":
            gain = (pages[how] - pages["ratings"])[:, 3:].mean(1)
            half = 1.96 * gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.nan
            line += f"{f'{gain.mean():+.3f} ± {half:.3f}':>28}"
        print(line, flush=True)


if __name__ == "__main__":
    main()
