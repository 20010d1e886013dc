"""Does the step follow a strict person, or does it grow while the pages get better?

A simulated person looks for one hidden picture and answers as persons do, relative to the page:
one picture gets 5, two get 4, the others 3 to 1, however good the page is. All ways to make
children are in the menu, also those that change a region or a band only. Each seed breeds the same
first page twice: with the rule for the step as it was (it took a third of the picture turned by 90
degrees for a picture turned by 90 degrees, and compared children of different parents), and as it
is.

    python -m benchmarks.strict_person [--seeds 20] [--pages 10] [--noise 0.3]
    python -m benchmarks.strict_person --portraits [--seeds 6]

Without --portraits the person looks at the noise itself: at two features in each of sixteen parts
of it, the hidden picture being a point among them, so that a local change changes little. With it,
at painted portraits, and likes those that are near the hidden one to the embedded CLIP.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import fmean

import numpy as np
from numpy.typing import NDArray

from benchmarks.scripting.command_line import parser_of
from benchmarks.scripting.intervals import written
from evolve import Clip, Genome, Prompt, Search, describe, load_renderer
from evolve.genome import noise
from evolve.search.births import Births
from evolve.search.individual import Birth, Verdict
from evolve.search.selection import preference
from evolve.search.step_size import HIGHEST, LOWEST, START, STRETCH, next_step
from evolve.search.verdicts import Verdicts

PAGE = 12
RATINGS = (5, 4, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1)
"""What a page is rated, the best first."""
NEWCOMERS = 10_000, 120
"""Unrelated pictures among which the percentile of a page is taken: of noise, of portraits."""
PROMPT = "a smiling woman with red hair and glasses"

Rule = Callable[[Sequence[Birth], Mapping[int, Verdict]], float]


def step_before(births: Sequence[Birth], verdicts: Mapping[int, Verdict]) -> float:
    """Return the next step by the rule as it was, where a person rates or picks."""
    births, verdicts = Births.of(births), Verdicts.of(verdicts)
    page = [
        birth
        for i in verdicts.ids.tolist()
        if (birth := births[i]).parents and "step" in birth.origin.params
    ]
    if not page:
        return START
    newest = max(birth.generation for birth in page)
    page = [birth for birth in page if birth.generation == newest]
    step = float(page[0].origin.params["step"])
    if any(verdicts[birth.id].same for birth in page):
        return min(HIGHEST, step * STRETCH)
    members = np.flatnonzero(births.generations == newest).tolist()
    known = {i: verdicts[i] for i in members if i in verdicts}
    worth = {i: float(v.rating) for i, v in known.items() if v.rating}
    if picked := {i: preference(v.place, len(members)) for i, v in known.items() if v.place}:
        rest = -sum(picked.values()) / max(1, len(members) - len(picked))
        worth = {i: picked.get(i, rest) for i in members}
    angles = {i: births[i].origin.params.get("angle", 0) for i in worth}
    pairs = [(value, math.log(angles[i])) for i, value in worth.items() if angles[i] > 0]
    value, angle = (fmean(column) for column in zip(*pairs, strict=True)) if pairs else (0, 0)
    weight = sum(abs(v - value) for v, _ in pairs)
    change = sum((v - value) * (a - angle) for v, a in pairs) / weight if weight else 0.0
    return min(HIGHEST, max(LOWEST, step * math.exp(change)))


RULES: Mapping[str, Rule] = {"before": step_before, "now": next_step}


class InNoise:
    """A person who looks at features of the noise, two in each of its sixteen parts."""

    shape, cells, each = (8, 16, 16), 4, 2

    def __init__(self, seed: int) -> None:
        rng = noise.stream(seed, 0, "strict person")
        channels, height, _ = self.shape
        self.side = height // self.cells
        parts, size = self.cells**2, channels * self.side**2
        drawn = rng.standard_normal((parts, size, self.each))
        self.axes = np.linalg.qr(drawn)[0]
        """Of each part, at right angles: the features of noise are standard normal."""
        self.target = rng.standard_normal((parts, self.each))
        others = rng.standard_normal((NEWCOMERS[0], parts, self.each))
        self.newcomers = np.sort(self._near(others))

    def __call__(self, genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return how near each is: minus the squared distance of its features."""
        channels, cells, side = self.shape[0], self.cells, self.side
        stack = np.stack([genome.noise.astype(float) for genome in genomes])
        parts = stack.reshape(-1, channels, cells, side, cells, side).transpose(0, 2, 4, 1, 3, 5)
        flat = parts.reshape(len(stack), cells**2, -1)
        return self._near(np.einsum("npd,pdk->npk", flat, self.axes))

    def _near(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        near: NDArray[np.float64] = -((features - self.target) ** 2).sum((1, 2))
        return near


class InPortraits:
    """A person who looks at painted portraits, as the embedded CLIP sees them."""

    shape = describe("portraits").latent

    def __init__(
        self, seed: int, see: Callable[[Sequence[Genome]], NDArray[np.float64]], unseen: int
    ) -> None:
        self.see = see
        self.target = see([_drawn(self.shape, seed, unseen)])[0]
        self.newcomers = np.sort(self([_drawn(self.shape, seed, k) for k in range(unseen)]))

    def __call__(self, genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return how near each is: the cosine of its picture's embedding."""
        near: NDArray[np.float64] = self.see(genomes) @ self.target
        return near


Person = InNoise | InPortraits


def _drawn(shape: tuple[int, int, int], seed: int, k: int) -> Genome:
    drawn = noise.draw(noise.stream(seed, k, "strict person"), shape)
    return Genome(noise.stored(drawn), Prompt.parse(PROMPT), describe("portraits").settings)


@dataclass(frozen=True, slots=True)
class Evening:
    """What a person's pages were like."""

    steps: NDArray[np.float64]
    """Degrees by which each page was bred; the first, of newcomers, is not among them."""
    percentiles: NDArray[np.float64]
    """Mean percentile of each page among newcomers."""
    nearness: NDArray[np.float64]
    """Mean nearness of each page, which tells pages apart where percentiles do not any more."""

    @property
    def better(self) -> NDArray[np.bool_]:
        """Whether each page, from the third on, was better than the one before."""
        return self.nearness[2:] > self.nearness[1:-1]

    @property
    def grew(self) -> NDArray[np.bool_]:
        """Whether the step of each page, from the third on, was larger than the one before."""
        return self.steps[1:] > self.steps[:-1]

    @property
    def jumped(self) -> bool:
        """Whether the step ever grew by more than a third at once."""
        return bool((self.steps[1:] > 4 / 3 * self.steps[:-1]).any())


def spend(person: Person, rule: Rule, seed: int, pages: int, doubt: float) -> Evening:
    """Let a person rate so many pages, each bred by a rule for the step.

    Args:
        person: The simulated person.
        rule: Rule for the step.
        seed: Seed of the search and of the person's doubts.
        pages: How many pages.
        doubt: Standard deviation of what the person mistakes, in those of newcomers.
    """

    class Ruled(Search):
        @property
        def step(self) -> float:
            return rule(self.births, self.verdicts)

    search = Ruled(
        seed=seed,
        prompt=Prompt.parse(PROMPT),
        shape=person.shape,
        settings=describe("portraits").settings,
    )
    rng = noise.stream(seed, 1, "strict person")
    steps, percentiles, nearness = [], [], []
    for _ in range(pages):
        page = search.ask(PAGE)
        near = person([individual.genome for individual in page])
        used = [i.origin.params["step"] for i in page if "step" in i.origin.params]
        steps += used[:1]
        below = np.searchsorted(person.newcomers, near) / len(person.newcomers)
        percentiles.append(100 * below.mean())
        nearness.append(near.mean())
        seen = near + doubt * person.newcomers.std() * rng.standard_normal(PAGE)
        search.tell(
            {
                page[place].id: Verdict(rating=rating, page=page[0].generation)
                for place, rating in zip(np.argsort(-seen), RATINGS, strict=True)
            }
        )
    return Evening(*map(np.array, (steps, percentiles, nearness)))


def table(evenings: Mapping[str, Sequence[Evening]], pages: int) -> Iterable[str]:
    """Yield the lines of the table."""
    yield "| page | " + " | ".join(f"step {n} | percentile {n}" for n in evenings) + " |"
    yield "|" + "---|" * (1 + 2 * len(evenings))
    for page in range(pages):
        cells = []
        for spent in evenings.values():
            turned = [e.steps[page - 1] for e in spent] if page else []
            cells.append(written(np.array(turned), "{:.0f}") + "°" if turned else "—")
            cells.append(written(np.array([e.percentiles[page] for e in spent]), "{:.0f}"))
        yield f"| {page + 1} | " + " | ".join(cells) + " |"
    for name, spent in evenings.items():
        better = np.concatenate([e.better for e in spent])
        grew = np.concatenate([e.grew for e in spent])
        yield (
            f"{name}: of {better.sum()} pages that were better than the page before, the step "
            f"had grown in {(better & grew).sum()}; of all {len(grew)} it had in {grew.sum()}; "
            f"by more than a third at once in {sum(e.jumped for e in spent)} evenings"
        )


def main() -> None:
    """Measure and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--pages", type=int, default=10)
    parser.add_argument("--noise", type=float, default=0.3, help="how much the person mistakes")
    parser.add_argument("--portraits", action="store_true", help="with painted pictures")
    args = parser.parse_args()

    evenings: dict[str, list[Evening]] = {name: [] for name in RULES}
    with ExitStack() as stack:
        if args.portraits:
            renderer = stack.enter_context(load_renderer("portraits"))
            clip = Clip(describe("portraits").folder / "clip")
        for seed in range(args.seeds):
            person: Person
            if args.portraits:
                person = InPortraits(
                    seed, lambda genomes: clip.embed(renderer.paint(genomes)), NEWCOMERS[1]
                )
            else:
                person = InNoise(seed)
            for name, rule in RULES.items():
                evenings[name].append(spend(person, rule, seed, args.pages, args.noise))
            if args.portraits:
                print(f"seed {seed} done", flush=True)
    where = "portraits" if args.portraits else "noise"
    print(f"\n{args.seeds} evenings of {args.pages} pages, a person who looks at {where}")
    print("mean [95 % interval]; percentile: of the page among unrelated pictures\n")
    print("\n".join(table(evenings, args.pages)))


if __name__ == "__main__":
    main()
