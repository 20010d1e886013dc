"""Are children as far from their parents, in the picture, as was asked?

Pages of one operator each are bred at a size (`evolve.search.sized.sizes`), of populations whose
prompts and seeds nothing was tuned on, and for every child shown the error is
|realised - asked| / asked:

- degrees: plain steps of one angle, that which leads so far on the median of the model (of the
  first population alone);
- curve: the first draft of each child, at the reach that the curve of its operator gives; "signed"
  is the median with its sign, above 0 where they are too far;
- gated: the child that is shown, after at most half as many more drafts as a page has children; on
  a line (a ring, steps in a direction, settings and weights alone) after at most three more each;
- one way: the same, where no child may take another way than its first (`Policy.other_ways`).

With --earlier each population has shown a page of each way before, of other parents, from which the
pages that are measured learn (`evolve.rendering.tuning.size_history`).

Also printed: the 90th percentile of the gated error, the share of children whose way ends before it
is as far as asked, and how many pictures were painted for each one shown.

    python -m benchmarks.size [OPERATOR ...] [--pages 2] [--sizes 0.25 0.45 0.7] [--earlier]
    python -m benchmarks.size --family "Stable Diffusion"

With --axes another question: does a step along an axis of the population (`evolve.search.axes`)
move a picture along it? Half of the steps of a ring of 30 degrees lead along axes, half in random
directions: how far each moved its picture along the axis, in standard deviations of the population,
and how often the right way. The axes were found from other pictures.

    python -m benchmarks.size --axes [--populations 2]

A family (tests/helpers/evolve/pipelines/families.py) is a small pipeline of its real classes with
random weights. It brings no CLIP, so that the plain embedder measures.
"""

import itertools
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from benchmarks.scripting.command_line import parser_of
from benchmarks.size.axes import measure_axes
from benchmarks.size.bench import PAGE, Bench, Row
from benchmarks.size.renderers import renderer_of
from evolve.models.machine import trials
from evolve.search import Search
from evolve.search.sized import conceiving
from evolve.search.sized.brood import Brood

SIZES = (0.25, 0.45, 0.7)
EARLIER = 0.35
"""Size of the pages that a population may have shown before."""
PROMPTS = (
    "a smiling woman with a bun and a yellow background",
    "a man with short brown hair, a moustache and a hoodie",
    "pixel art | a girl with glasses | blue hair",
)
"""None of them was looked at while anything was tuned."""
OPERATORS = (
    "mutate",
    "mutate_region",
    "mutate_band",
    "cross_slerp",
    "cross_region",
    "cross_band",
    "cross_blend",
)
TURNS = ("look", "steer")
"""Those in a direction that was asked for: no child has another way."""
LINES = ("mutate_settings", "words", *TURNS)
WORDED = (
    "a girl with glasses, hand drawn | blue hair | a smile :0.5",
    "a man, line art | a beard | a hat :0.7",
)
"""Prompts whose weights can be varied: settings and words alone."""


def measure(benches: Sequence[Bench], operator: str, size: float, pages: int) -> Row:
    """Return the row of an operator at a size."""
    row = Row()
    base = {
        "cross_blend": "cross_slerp",
        "look": "mutate",
        "steer": "mutate",
        "words": "mutate_settings",
    }.get(operator, operator)
    for bench, page in itertools.product(benches, range(pages)):
        parents = tuple((4 * page + k) % PAGE for k in range(4))
        if operator == "cross_slerp":  # more parents are blended; 0 and 1 are opposites
            parents = parents[:3:2]
        ask = partial(_brood, operator, parents, size)
        if operator not in TURNS:
            before = Row()
            bench.sized(before, size, ask, base, other_ways=False)
            row.one_way += before.gated
        bench.sized(row, size, ask, base)
        if operator not in LINES and bench is benches[0]:
            bench.by_degrees(row, size, base, parents)
    return row


def grow(bench: Bench, operators: Sequence[str]) -> None:
    """Breed a page of each of some operators, by parents that are not measured, to learn from."""
    for operator in operators:
        parents = (4, 7) if operator == "cross_slerp" else (4, 5, 6, 7)
        base = {"cross_blend": "cross_slerp"}.get(operator, operator)
        bench.sized(Row(), EARLIER, partial(_brood, operator, parents, EARLIER), base, keep=True)


def _brood(operator: str, parents: Sequence[int], size: float, search: Search) -> Brood:
    main, other = parents[0], parents[-1]
    if operator == "look":
        return conceiving.ring(search, main, size)
    if operator == "steer":
        return conceiving.steps(search, main, main, other, (size, -size))
    return conceiving.page(search, PAGE, parents, size, by_places=True)


def main() -> None:
    """Measure and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("operators", nargs="*", metavar="OPERATOR", help="all, if none is named")
    parser.add_argument("--family", help="a small pipeline with random weights")
    parser.add_argument("--pages", type=int, default=1, help="of each population")
    parser.add_argument("--populations", type=int, default=2, choices=(1, 2, 3))
    parser.add_argument("--axes", action="store_true", help="measure axes of populations instead")
    parser.add_argument("--earlier", action="store_true", help="with a page of each way before")
    parser.add_argument("--sizes", type=float, nargs="+", default=list(SIZES))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache, renderer_of(args.family) as (renderer, info):
        vars(trials)["user_cache_path"] = lambda name: Path(cache) / name  # measured in this run
        if args.axes:
            measure_axes(renderer, info, PROMPTS[: args.populations])
            return
        benches = [
            Bench(renderer, info, prompt, 1000 + k)
            for k, prompt in enumerate(PROMPTS[: args.populations])
        ]
        began = time.monotonic()
        worded: list[Bench] = []
        measure(benches[:1], "mutate", 0.45, 1)
        trial = f"the trial of the model and a page took {time.monotonic() - began:.0f} s"
        print(f"{info.name}, {info.settings.steps} steps, {len(benches)} populations; {trial}")
        if args.earlier:
            for bench in benches:
                grow(bench, [o for o in args.operators or OPERATORS if o in OPERATORS])
        heads = f"{'shown':>6}" + "".join(
            f"{name:>8}" for name in ("degrees", "curve", "signed", "gated", "one way", "p90")
        )
        print(f"{'operator':<18}{'asked':>6}{heads}{'short':>8}{'painted':>9}", flush=True)
        for operator, size in itertools.product(args.operators or (*OPERATORS, *LINES), args.sizes):
            if operator == "words" and not worded:
                worded = [
                    Bench(renderer, info, prompt, 1100 + k)
                    for k, prompt in enumerate(WORDED[: args.populations])
                ]
            shown = worded if operator == "words" else benches
            row = measure(shown, operator, size, args.pages)
            print(f"{operator:<18}{size:6.2f}{row.text()}", flush=True)


if __name__ == "__main__":
    main()
