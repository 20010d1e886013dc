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

A family (tests/helpers/evolve/families.py) is a small pipeline of its real classes with random
weights. It brings no CLIP, so that the plain embedder measures.
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.sizing.renderers import renderer_of
from evolve import Prompt
from evolve.models.machine import trials
from evolve.rendering.protocol import (
    Finished,
    Job,
    ModelInfo,
    Renderer,
    as_render,
)
from evolve.scoring.looks.distance import Distances
from evolve.search import Policy, Search
from evolve.search.axes import components
from evolve.search.individual import Individual
from evolve.search.sized import conceiving
from evolve.search.sized.brood import Brood
from evolve.session.sizing.sizing import Sizing
from populations.studio.breeding.sized import deliver

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/helpers/evolve"))

from fakes import MemoryArchive

PAGE = 12
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


@dataclass(slots=True)
class Row:
    """What was measured of an operator at a size."""

    degrees: list[float] = field(default_factory=list)
    curve: list[float] = field(default_factory=list)
    signed: list[float] = field(default_factory=list)
    """Those of the curve, above 0 for too far."""
    gated: list[float] = field(default_factory=list)
    one_way: list[float] = field(default_factory=list)
    short: int = 0
    drafts: int = 0

    def text(self) -> str:
        """Return the row of the table."""

        def middle(errors: list[float], share: float = 50) -> str:
            return f"{np.percentile(errors, share):8.0%}" if errors else "       –"

        count = len(self.gated)
        return (
            f"{count:6}{middle(self.degrees)}{middle(self.curve)}{np.median(self.signed):+8.0%}"
            f"{middle(self.gated)}"
            f"{middle(self.one_way)}{middle(self.gated, 90)}"
            f"{self.short / count:8.0%}{self.drafts / count:9.2f}"
        )


class Bench:
    """One population, painted."""

    def __init__(self, renderer: Renderer, info: ModelInfo, prompt: str, seed: int) -> None:
        """Found a page and paint it."""
        self.renderer, self.info = renderer, info
        self.archive = MemoryArchive()
        self.prompt, self.seed = Prompt.typed(prompt), seed
        self.add(self.search().ask(PAGE))
        self.founded = len(self.archive.commits)

    def search(self, operator: str = "mutate", *, other_ways: bool = True) -> Search:
        """Return a search whose pages hold children of one operator."""
        return Search(
            seed=self.seed,
            prompt=self.prompt,
            shape=self.info.latent,
            settings=self.info.settings,
            policy=Policy(menu={operator: 1.0}, other_ways=other_ways),
            births=self.archive.births(),
            genome_of=self.archive.genome,
        )

    def add(self, individuals: Sequence[Individual]) -> None:
        """Save individuals and paint them."""
        self.archive.append(individuals)
        self.renderer.submit([Job(i.id, i.genome) for i in individuals])
        missing = {i.id for i in individuals}
        while missing:
            for event in self.renderer.poll(0.1):
                if isinstance(event, Finished):
                    self.archive.append([as_render(event)])
                    missing.discard(event.id)

    def forget(self) -> None:
        """Go back to the first page."""
        self.archive.commits = self.archive.commits[: self.founded]

    def distances(self, first: int) -> list[float]:
        """Return how far individuals from an id on are from their parents."""
        far = Distances(self.search().births, self.archive.sight)
        ids = range(first, len(self.archive.individuals))
        return [d for i in ids if (d := far.to_parent(i)) is not None]

    def sized(
        self,
        row: Row,
        size: float,
        ask: Callable[[Search], Brood],
        operator: str,
        *,
        keep: bool = False,
        other_ways: bool = True,
    ) -> None:
        """Breed by size and add to a row what became of it; later pages know of it to `keep`."""
        search = self.search(operator, other_ways=other_ways)
        brood, first = ask(search), len(self.archive.individuals)
        seen: list[Sizing] = []
        deliver(search, self.archive, brood, self.renderer, self.info, on_begin=seen.append)
        asked = [abs(child.size) for child in brood.children]
        realised = self.distances(first)
        ways = [seen[0].ways[place] for place in range(len(asked))]
        row.gated += [abs(d - s) / s for d, s in zip(realised, asked, strict=True)]
        firsts = [way.aims[0] for way in ways]
        signed = [(aim.tries[0][1] - aim.size) / aim.size for aim in firsts]
        row.signed += signed
        row.curve += map(abs, signed)
        row.drafts += sum(len(way.tries) for way in ways)
        best = [way.aims[way.best[0]] for way in ways]
        row.short += sum(aim.best[0] >= 1 and aim.best[1] < aim.size for aim in best)
        self.curves = seen[0].curves
        if keep:
            self.founded = len(self.archive.commits)
        self.forget()

    def by_degrees(self, row: Row, size: float, operator: str, parents: Sequence[int]) -> None:
        """Breed by the angle whose children are so far away on the median."""
        assert self.curves is not None
        angle = 90 * self.curves.by_operator["mutate"].reach(size)
        first = len(self.archive.individuals)
        self.add(self.search(operator).ask(PAGE, parents=parents, strength=angle))
        row.degrees += [abs(d - size) / size for d in self.distances(first)]
        self.forget()


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


CENTRES = 6
"""Pictures that are looked around."""


def measure_axes(renderer: Renderer, info: ModelInfo, count: int) -> None:
    """Print how far steps along axes and random steps move pictures along the axes."""
    print(f"{'known':>6}{'axis':>6}{'along':>8}{'right':>7}{'random':>8}   (random: size of it)")
    for k, prompt in enumerate(PROMPTS[:count]):
        bench = Bench(renderer, info, prompt, 2000 + k)
        for pages in (3, 8):
            while len(bench.archive.individuals) < PAGE * (pages + 1):
                bench.add(bench.search().newcomers(PAGE))
            first, founded = len(bench.archive.individuals), len(bench.archive.commits)
            for centre in range(CENTRES):
                search = bench.search()
                search.embedding_of = bench.archive.embedding
                bench.add(search.look(PAGE * pages + centre, angle=30.0))
            looks = [bench.archive.embedding(i) for i in range(first + 8 * CENTRES)]
            vectors = np.stack([look.vector.astype(float) for look in looks if look is not None])
            axes, scores = components([look for look in looks[: PAGE * pages] if look is not None])
            for axis in range(len(axes)):
                along, random = [], []
                for child in bench.archive.individuals[first:]:
                    moved = vectors[child.id] - vectors[child.parents[0]]
                    moves = float(moved @ axes[axis] / scores[:, axis].std())
                    leads = child.origin.params.get("along")
                    if leads == axis + 1:
                        along.append(math.copysign(1, child.origin.params["angle"]) * moves)
                    elif leads is None:
                        random.append(abs(moves))
                print(
                    f"{PAGE * pages:6}{axis + 1:6}{np.mean(along):+8.2f}"
                    f"{np.mean(np.array(along) > 0):7.0%}{np.mean(random):8.2f}   {prompt}",
                    flush=True,
                )
            bench.archive.commits = bench.archive.commits[:founded]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("operators", nargs="*", metavar="OPERATOR", help="all, if none is named")
    parser.add_argument("--family", help="a small pipeline with random weights")
    parser.add_argument("--pages", type=int, default=1, help="of each population")
    parser.add_argument("--populations", type=int, default=2, choices=(1, 2, 3))
    parser.add_argument("--axes", action="store_true", help="measure axes of populations instead")
    parser.add_argument("--earlier", action="store_true", help="with a page of each way before")
    parser.add_argument("--sizes", type=float, nargs="+", default=list(SIZES))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache, renderer_of(args.family) as (renderer, info):
        trials.user_cache_path = lambda name: Path(cache) / name  # measured in this run
        if args.axes:
            measure_axes(renderer, info, args.populations)
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
