"""How far does a weight below 0 lead away from a word, where the picture would often show it?

Every style is painted with a bare base, `a face, pixel art`, on 16 noises. Those concepts count
that 20 to 80 % of these pictures show; each gets weights below 0, on the same noises or the first
of them, by several rules in one run (`evolve.genome.prompt`). Its share should fall, and what else
is read should stay as it is.

    python -m benchmarks.portraits.below_zero [--noises 8] [--judge first|second]
        [--rules split written] [--keep FOLDER]
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.portraits.judges import JUDGES
from benchmarks.portraits.painting import SHIPPED
from benchmarks.portraits.weights import RULES, WATCHED, Concept, Reading, bases, typed
from benchmarks.scripting.command_line import parser_of
from evolve import Prompt, load_renderer
from evolve.genome.prompt import SPLIT, WRITTEN

WEIGHTS = (-0.5, -1.0, -1.5)
NOISES = 16
"""Pictures of each base by which concepts are chosen."""
OFTEN = (0.2, 0.8)
"""Shares of a base's pictures that show a concept which counts."""
FIRST = 5000
"""Place of the first base, so that no other question has the same noises."""


class Likely(NamedTuple):
    """A base, with a concept that it often shows."""

    place: int
    base: str
    concept: Concept
    bare: np.ndarray
    """What is read in its pictures, (noises, attributes)."""


def likely(reading: Reading) -> list[Likely]:
    """Return bases with concepts that they often show."""
    found = []
    for place, (base, known) in enumerate(bases(), start=FIRST):
        bare = reading.read(reading.pictures([Prompt.typed(base)], NOISES, place)[0])
        for concept in known:
            if OFTEN[0] <= reading.shows(bare, concept).mean() <= OFTEN[1]:
                found.append(Likely(place, base, concept, bare))
    return found


def main() -> None:
    """Paint, judge and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--noises", type=int, default=NOISES, help=f"at most {NOISES}")
    parser.add_argument("--judge", choices=JUDGES, default="second", help="(default: second)")
    parser.add_argument("--rules", nargs="+", choices=RULES, default=[SPLIT, WRITTEN])
    parser.add_argument("--weights", nargs="+", type=float, default=WEIGHTS)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep painted pictures here")
    args = parser.parse_args()
    with load_renderer(SHIPPED) as renderer:
        reading = Reading(renderer, args.keep, args.judge)
        chosen = [one._replace(bare=one.bare[: args.noises]) for one in likely(reading)]
        at_0 = np.mean([reading.shows(one.bare, one.concept).mean() for one in chosen])
        print(f"{len(chosen)} bases with a concept, {args.noises} noises; at 0 {at_0:.1%} show it")
        print(f"{'rule':<10}{'weight':>8}{'show it':>10}{'others as at 0':>16}")
        for rule in args.rules:
            for weight in args.weights:
                shown, kept = [], []
                for place, base, concept, bare in chosen:
                    prompt = RULES[rule](typed(base, [concept], weight))
                    read = reading.read(reading.pictures([prompt], args.noises, place)[0])
                    others = [k for k, a in enumerate(WATCHED) if a != concept.attribute]
                    shown.append(reading.shows(read, concept).mean())
                    kept.append((read == bare)[:, others].mean())
                print(
                    f"{rule:<10}{weight:8g}{np.mean(shown):10.1%}{np.mean(kept):16.1%}", flush=True
                )


if __name__ == "__main__":
    main()
