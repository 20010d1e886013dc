"""Which guide tells what the judges see? Over pictures of one prompt that nothing guides.

A choice among pictures by a guide gains, in deviations of what a judge sees, the guide's own
gain times their correlation (regression to the mean): that is what the ratio of
`benchmarks.headless` can be without any climbing, whatever searches.

    python -m benchmarks.searching.agreement [--work DIR] [--seeds 2] [--minutes M]

Eight founders of each prompt of `benchmarks.searching.prompts` after those for tuning, as far as a
search can reach it; 95 % bootstrap intervals over prompts. Resumed where it stopped.
"""

import sys
import time
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.headless import MODEL, TUNED_ON, fitness_of, is_out_of_reach, unguided
from benchmarks.scripting.command_line import parser_of
from benchmarks.scripting.kept_lines import add_line, read_lines
from benchmarks.searching.measures import HeldOut
from benchmarks.searching.prompts import is_told, prompts
from benchmarks.searching.shared_paintings import SharedPaintings
from evolve import load_renderer
from evolve.scoring.combining import by_ranks

Table = dict[str, list[float]]
BOTH = "words+clip"
MANY = 2000


def measure(work: Path, seeds: int, minutes: float | None) -> dict[int, list[Table]]:
    """Return what guides and judges say of each prompt's founders, for each seed."""
    file = work / "agreement.jsonl"
    known = {(one["prompt"], one["seed"]): one for one in read_lines(file)}
    until = time.monotonic() + 60 * minutes if minutes else float("inf")
    guide, judges = fitness_of(BOTH, None, work), [HeldOut("first"), HeldOut("second")]
    with load_renderer(MODEL) as renderer:
        shared = SharedPaintings(renderer, work / "pictures")
        for seed in range(1, seeds + 1):
            for prompt in range(TUNED_ON, len(faces := prompts())):
                if not is_told(faces[prompt]):
                    continue
                if (prompt, seed) in known or time.monotonic() > until:
                    continue
                what = {"prompt": prompt, "seed": seed}
                table = unguided({**what, "silent": False}, shared, guide, judges)
                known[prompt, seed] = {**what, "table": table}
                add_line(file, known[prompt, seed])
                print(f"{prompt} {seed}", file=sys.stderr)
    found: dict[int, list[Table]] = {}
    for (prompt, _), one in sorted(known.items()):
        if not is_out_of_reach(one["table"]):
            found.setdefault(prompt, []).append(with_both(one["table"]))
    return found


def with_both(table: Table) -> Table:
    """Return a table with the mean rank of both guides."""
    both = by_ranks(np.array([table["words"], table["clip"]]).T)
    return {**table, BOTH: both.tolist()}


def centred(tables: list[Table], name: str) -> NDArray[np.float64]:
    """Return the values of one prompt, less the mean of each seed, (pictures,)."""
    return np.concatenate([np.array(t[name]) - np.mean(t[name]) for t in tables])


def correlation(found: dict[int, list[Table]], drawn: list[int], one: str, other: str) -> float:
    """Return how two correlate over the pictures of some prompts, within each."""
    x, y = (np.concatenate([centred(found[p], name) for p in drawn]) for name in (one, other))
    return float(np.corrcoef(x, y)[0, 1])


def main() -> None:
    """Measure and print."""
    parser = parser_of(__doc__)
    parser.add_argument("--work", type=Path, default=Path("headless-work"))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--minutes", type=float)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    found = measure(args.work, args.seeds, args.minutes)
    if not (places := sorted(found)):
        sys.exit("no prompt within reach is measured yet: run it for longer")
    print(f"{len(places)} prompts, {sum(map(len, found.values()))} pages of founders")
    rng = np.random.default_rng(0)
    draws = [rng.choice(places, len(places)).tolist() for _ in range(MANY)]
    for one, other in combinations(("words", "clip", BOTH, "first", "second"), 2):
        if other not in ("first", "second"):
            continue
        values = [correlation(found, drawn, one, other) for drawn in draws]
        low, high = np.quantile(values, [0.025, 0.975])
        middle = correlation(found, places, one, other)
        print(f"{one:<11}{other:<7}{middle:+.2f} [{low:+.2f}, {high:+.2f}]")


if __name__ == "__main__":
    main()
