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
    among 36   pages by taste, each chosen among 36 that are painted for it; 24, 60 and 96 likewise
    alike 36   among 36, with all attributes counted alike: as populations of earlier versions
    knows      as taste, by one who knows how much each shown picture is liked: what could be
               learnt at best
    knows 36   the same among 36, shown those that are liked most; 60 and 240 likewise

    python -m benchmarks.taste [--seeds 24] [--pages 15] [--pool 400] [--others 400] [--steps 8]
        [--raters ideal wrong ...] [--ways ...] [--kept FOLDER]

Seeds are paired: all ways have the same taste, the same founders and the same mistakes. Seed k is a
person of the k-th kind of `--raters`, in turn. Pictures and results are kept in the folder, so that
an interrupted run goes on. Shown are

    after      mean percentile of the page that follows 24, 48 and 96 answers
    foreseen   Spearman's correlation of what is expected of pictures that were never shown, after
               as many answers, with how much they are liked
    apart      how far apart the pictures of pages 4 on are, relative to founders; and the nearest
    painted    pictures, those that are not shown too
    over       how much higher pages 4 on are than by another way, with the 95 % interval over seeds

and how many pictures were seen until one of the best percent, and of the best in a thousand (who
never saw one counts as all they saw), and how many times fewer that is than by others.

    python -m benchmarks.taste --stand-in

does the same with a made-up generator, on which everything was tuned, with other tastes and seeds.

    python -m benchmarks.taste --times

measures how long a taste takes to learn and to think of a page, after up to 1,000 answers.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path

import numpy as np

from benchmarks.scripting.command_line import parser_of
from benchmarks.scripting.kept_lines import add_line, read_lines
from benchmarks.tasting.knowing import Knowing, Person
from benchmarks.tasting.person import RATERS, Likes, chords, rated
from benchmarks.tasting.tables import AFTER, SWITCH, Row, show
from benchmarks.tasting.times import times
from benchmarks.tasting.ways import PAGE, Among, ByPages, BySearch, OverPool, Turning, Way, World
from evolve import load_renderer
from evolve.taste.features import Features
from evolve.taste.foresight import spearman

WAYS: Mapping[str, Callable[[World, int, Person], Way]] = {
    "random": lambda world, seed, person: OverPool(world, seed, chooses=False),
    "plain GA": lambda world, seed, person: Turning(world, seed, "ga"),
    "(1+11)-ES": lambda world, seed, person: Turning(world, seed, "es"),
    "GP pool": lambda world, seed, person: OverPool(world, seed),
    "ratings": lambda world, seed, person: BySearch(world, seed),
    "taste": lambda world, seed, person: ByPages(world, seed),
    "among 24": lambda world, seed, person: Among(world, seed, 2),
    "among 36": lambda world, seed, person: Among(world, seed, 3),
    "alike 36": lambda world, seed, person: Among(world, seed, 3, told_apart=False),
    "among 60": lambda world, seed, person: Among(world, seed, 5),
    "among 96": lambda world, seed, person: Among(world, seed, 8),
    "knows": lambda world, seed, person: Knowing(world, seed, person),
    "knows 36": lambda world, seed, person: Knowing(world, seed, person, 3 * PAGE),
    "knows 60": lambda world, seed, person: Knowing(world, seed, person, 5 * PAGE),
    "knows 240": lambda world, seed, person: Knowing(world, seed, person, 20 * PAGE),
}
"""Ways to make pages, by name."""

MANY = (2, 4, 8)
DRIFT = np.radians(12)
TARGET, RARE = 0.99, 0.999
UNSEEN = 400
"""Pictures of the pool of which it is foretold how much they are liked."""


def evening(how: str, rater: str, seed: int, pages: int, world: World) -> Row:
    """Return what happened in one evening of a person."""
    likes = Likes(seed, MANY[seed // 5 % len(MANY)], world.pool)
    features = Features(world.pool.vectors)
    turn = 0.0
    way = WAYS[how](world, seed, lambda seen: likes(seen, turn))
    unseen = world.pool[range(min(UNSEEN, len(world.pool.read)))]
    percentiles, until, apart, nearest, foreseen = [], dict[float, int](), [], [], []
    began, painted = time.perf_counter(), world.painted()
    for page in range(pages):
        turn = page * DRIFT if rater == "drifting" else 0.0
        if rater == "switching" and page >= SWITCH:
            turn = np.pi / 2
        if page * PAGE in AFTER and (expected := way.expects(unseen)) is not None:
            foreseen.append(round(spearman(expected, likes(unseen, turn)) or 0.0, 3))
        seen = way.page()
        liked = likes(seen, turn)
        below = likes.below(liked, turn)
        percentiles.append(round(float(below.mean()), 4))
        for target in (TARGET, RARE):
            if target not in until and (below >= target).any():
                until[target] = page * PAGE + int((below >= target).argmax()) + 1
        way.learn_from(rated(rater, liked, np.random.default_rng([19, seed, page])))
        lengths = chords(features.of(seen.vectors)) / np.sqrt(features.length)
        apart.append(round(float(np.median(lengths)), 4))
        nearest.append(round(float(lengths.min()), 4))
    is_many = len(world.pool.read) * (1 - RARE) >= 2
    return {
        "way": how,
        "rater": rater,
        "seed": seed,
        "pages": percentiles,
        "until": until.get(TARGET, pages * PAGE),
        "found": TARGET in until,
        **({"rare": until.get(RARE, pages * PAGE)} if is_many else {}),
        "foreseen": foreseen,
        "apart": apart,
        "nearest": nearest,
        "painted": world.painted() - painted,
        "seconds": round(time.perf_counter() - began, 1),
    }


def main() -> None:
    """Let persons look, and print a table for each kind of them and for all."""
    parser = parser_of(__doc__)
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--pages", type=int, default=15)
    parser.add_argument("--pool", type=int, default=400, help="founders that fix the target")
    parser.add_argument("--others", type=int, default=400, help="founders that are chosen among")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--raters", nargs="+", choices=RATERS, default=RATERS[:4])
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=[*WAYS])
    parser.add_argument("--kept", type=Path, default=Path("/tmp/fancier-tasting"))
    parser.add_argument("--stand-in", action="store_true")
    parser.add_argument("--times", action="store_true")
    args = parser.parse_args()
    if args.times:
        times()
        return
    args.kept.mkdir(parents=True, exist_ok=True)
    with nullcontext() if args.stand_in else load_renderer("portraits") as renderer:
        world = (
            World.made_up()
            if renderer is None
            else World.painted_by(
                renderer, args.kept / "seen.sqlite", args.pool, args.others, args.steps
            )
        )
        name = "stand-in" if args.stand_in else f"{args.steps}-{args.pool}-{args.others}"
        done = args.kept / f"evenings-{name}-{args.pages}.jsonl"
        rows: dict[tuple[str, str, int], Row] = {
            (row["way"], row["rater"], row["seed"]): row for row in read_lines(done)
        }
        for seed in range(args.first, args.first + args.seeds):
            rater = args.raters[seed % len(args.raters)]
            for how in args.ways:
                if (how, rater, seed) in rows:
                    continue
                row = evening(how, rater, seed, args.pages, world)
                rows[how, rater, seed] = row
                add_line(done, row)
                print(json.dumps(row), flush=True)
    show(list(rows.values()), args.ways)


if __name__ == "__main__":
    main()
