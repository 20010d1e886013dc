"""Does an edit by words show what was asked for, and nothing else?

    python -m benchmarks.edit [--faces 24] [--count 12] [--judge second|first] [--seed 1]
        [--things smile glasses ...] [--quick]

Paints faces of held-out prompts that lack a thing by the judge's reading (or have it, where it is
to go), asks for it by words, and reads the page of children. In one run beside it: words exchanged
with the same noise and nothing held; a fixed box; a difference merged (the pixels of the exchanged
words pasted into the place). The second judge was used in building nothing.

Faces are of styles in which the model has seen the thing; of others it says itself that it leaves
one or the other out. "kept" is the share of the other attributes that the judge reads as before,
divided by the share that it reads as before when the same picture is moved by two pixels. Latents
and pictures are compared value by value outside the place. A seam is how much steeper the picture
is across the border of the place than the base is there; the median over all children. Intervals
are 95 %, over faces.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.portraits.held_out import ASKING, held_out
from evolve import Clip, Genome, Prompt, describe, load_renderer
from evolve.errors import GenomeError, RenderError
from evolve.genome import noise
from evolve.genome.edit import Base, Edit, mask_of, pasted
from evolve.genome.masks import located
from evolve.models.words.meanings import apart_remark, meanings_of
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings
from evolve.rendering.painting import paint
from evolve.rendering.process import paint_one
from evolve.rendering.protocol import Failed, Finished, Job, Locate
from evolve.scoring.wanted import Wanted
from evolve.search import operators
from evolve.search.edits import PaintedPlace, TakenOff
from evolve.search.individual import Birth, Origin
from evolve.search.released import depth_of

MODEL = "portraits"
BOX = (3 / 16, 3 / 16, 13 / 16, 13 / 16)
"""The fixed box: 10 x 10 of 16 x 16 cells."""
MOVES = ((2, 0), (-2, 0), (0, 2), (0, -2))
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Thing:
    """Something to be added, removed or exchanged."""

    change: WordChange
    attribute: str
    lacks: frozenset[str] | None
    """Values that faces have which the thing is asked of; None for any other than it."""
    shows: frozenset[str]
    """Values that children have which show it."""


def things() -> dict[str, Thing]:
    """What is asked for."""

    def values(words: str) -> frozenset[str]:
        (asked,) = ASKING.asked(Prompt.parse(words))
        return asked.values

    none = frozenset({"none"})
    found = {
        "a smile": Thing(WordChange(add="a smile"), "mouth", none, values("a smile")),
        "glasses": Thing(WordChange(add="glasses"), "glasses", none, values("glasses")),
        "a beard": Thing(WordChange(add="a beard"), "beard", none, values("a beard")),
        "without glasses": Thing(WordChange(remove="glasses"), "glasses", values("glasses"), none),
    }
    for colour in ("red", "blue"):
        words = f"{colour} hair"
        found[words] = Thing(WordChange(add=words), "hair_colour", None, values(words))
    return found


@dataclass
class Line:
    """A family as the edits of this script see it: who was born, and what became of them."""

    seed: int
    genomes: list[Genome] = field(default_factory=list)
    births: list[Birth] = field(default_factory=list)
    bases: list[Base] = field(default_factory=list)

    def add(self, genome: Genome, origin: Origin, parents: tuple[int, ...], base: Base) -> int:
        """Take somebody in, whose picture is known."""
        self.births.append(Birth(id=len(self.births), origin=origin, parents=parents))
        self.genomes.append(genome)
        self.bases.append(base)
        return len(self.births) - 1

    def birth(self, individual: int) -> Birth:
        """How it came to be."""
        return self.births[individual]

    def genome(self, individual: int) -> Genome:
        """Its genome."""
        return self.genomes[individual]

    inherited = genome

    def came_to(self, individual: int) -> Base:
        """Its picture."""
        return self.bases[individual]


class Studio:
    """Paints and reads."""

    def __init__(self, renderer: Any, judge: Any) -> None:
        self.renderer, self.judge = renderer, judge
        self.meanings = meanings_of(describe(MODEL))

    def paint(
        self, genomes: Sequence[Genome], wanted: Wanted | None = None
    ) -> list[tuple[Base, float | None]]:
        """Paint; returns what each came to, and how surely what is wanted is there."""
        made: dict[int, tuple[Base, float | None]] = {}
        for event in paint(self.renderer, [Job(i, g, wanted) for i, g in enumerate(genomes)]):
            if isinstance(event, Failed):
                raise RenderError(event.error)
            if isinstance(event, Finished):
                assert event.latent is not None
                made[event.id] = Base(event.latent, event.picture), event.record.get("wanted")
        return [made[i] for i in range(len(genomes))]

    def read(self, bases: Sequence[Base]) -> list[dict[str, str]]:
        """What the judge sees in each."""
        answers: list[dict[str, str]] = self.judge.read(np.stack([_pixels(b) for b in bases]))
        return answers

    def phrasings(self, prompt: Prompt, change: WordChange) -> Phrasings:
        """The words without a change, and with it."""
        return phrasings(prompt, change, self.meanings)

    def place(self, genome: Genome, base: Base, words: Phrasings) -> Mask | None:
        """Where it changes; None if nowhere."""
        task = Locate(id=0, genome=genome, latent=base.latent, phrasings=words)
        try:
            return located(paint_one.locate(self.renderer, task).difference)
        except GenomeError:
            return None


def _pixels(base: Base) -> npt.NDArray[np.uint8]:
    assert base.picture is not None
    return base.picture


def faces(
    studio: Studio, thing: Thing, wanted: int, seed: int
) -> Iterator[tuple[Genome, Base, dict[str, str], Phrasings]]:
    """Yield painted faces that lack a thing, or have what is to go, and the words of the change."""
    card = describe(MODEL)
    found = 0
    prompts = [face.prompt for face in held_out()]
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(prompts))
    for start in range(0, len(order), 16):
        batch = []
        for k in order[start : start + 16].tolist():
            try:
                words = studio.phrasings(Prompt.parse(prompts[k]), thing.change)
            except GenomeError:
                continue
            if apart_remark(card, words.after):  # it has never seen the two together, and says so
                continue
            drawn = noise.draw(noise.stream(seed, k, "edit benchmark"), card.latent)
            batch.append((Genome(noise.stored(drawn), words.before, card.settings), words))
        bases = [base for base, _ in studio.paint([genome for genome, _ in batch])]
        for (genome, words), base, read in zip(batch, bases, studio.read(bases), strict=True):
            value = read[thing.attribute]
            lacks = value not in thing.shows if thing.lacks is None else value in thing.lacks
            if lacks:
                yield genome, base, read, words
                found += 1
                if found == wanted:
                    return


@dataclass
class Tally:
    """What the pages of one way came to, face by face."""

    shown: list[float] = field(default_factory=list)
    """Share of a page that shows the thing."""
    three: list[bool] = field(default_factory=list)
    """Whether three or more of a page do (a quarter, of a smaller page)."""
    first: list[float] = field(default_factory=list)
    """The share among the three that are shown first."""
    kept: list[float] = field(default_factory=list)
    """Share of other attributes that are read as before, and do not flip by themselves."""
    latents: int = 0
    pixels: list[float] = field(default_factory=list)
    """Share of the pixels outside the place that differ."""
    seams: list[float] = field(default_factory=list)
    by: dict[str, list[bool]] = field(default_factory=dict)
    """Of each depth and each angle, which children show the thing."""
    area: list[float] = field(default_factory=list)

    def take(
        self,
        studio: Studio,
        thing: Thing,
        base: Base,
        read: dict[str, str],
        stays: dict[str, float],
        children: Sequence[tuple[Base, float | None]],
        mask: Mask | None,
    ) -> npt.NDArray[np.bool_]:
        """Take a page in; returns which of it show the thing."""
        answers = studio.read([child for child, _ in children])
        shows: npt.NDArray[np.bool_] = np.array(
            [answer[thing.attribute] in thing.shows for answer in answers]
        )
        self.shown.append(float(shows.mean()))
        self.three.append(bool(shows.sum() >= max(1, len(shows) // 4)))
        order = np.argsort([-(score or 0.0) for _, score in children], kind="stable")[:3]
        self.first.append(float(shows[order].mean()))
        others = [name for name in read if name != thing.attribute]
        same = np.mean([[answer[name] == read[name] for name in others] for answer in answers])
        self.kept.append(min(1.0, float(same) / np.mean([stays[name] for name in others])))
        for child, _ in children:
            outside = ~_at_pixels(mask, _pixels(base)) if mask is not None else None
            differ = (_pixels(child) != _pixels(base)).any(-1)
            self.pixels.append(float(differ[outside].mean() if mask is not None else differ.mean()))
            if mask is not None:
                self.latents += int((child.latent != base.latent)[:, ~mask].sum())
                self.seams.append(seam(_pixels(child), _pixels(base), mask))
                self.area.append(float(mask.mean()))
        return shows

    def row(self, name: str) -> str:
        """The tally as a row of the table."""
        seams = f"{np.nanmedian(self.seams):.2f}" if self.seams else "–"
        area = f"{np.mean(self.area):.0%}" if self.area else "–"
        latents = f"{self.latents}" if self.seams else "all"
        return (
            f"{name:<34}{percent(self.shown):>16}{percent(self.three):>16}"
            f"{np.mean(self.first):>9.0%}{percent(self.kept):>16}{latents:>9}"
            f"{np.mean(self.pixels):>9.1%}{seams:>7}{area:>6}"
        )


def percent(values: Sequence[float | bool]) -> str:
    """Return a mean with its 95 % interval over faces, by resampling them."""
    array = np.asarray(values, dtype=np.float64)
    draw = np.random.default_rng(0).integers(len(array), size=(2000, len(array)))
    low, high = np.percentile(array[draw].mean(1), [2.5, 97.5])
    return f"{array.mean():.0%} ({low:.0%}–{high:.0%})"


def _at_pixels(mask: Mask, pixels: npt.NDArray[np.uint8]) -> Mask:
    cell = pixels.shape[0] // mask.shape[0]
    return mask.repeat(cell, 0).repeat(cell, 1)


def seam(child: npt.NDArray[np.uint8], base: npt.NDArray[np.uint8], mask: Mask) -> float:
    """Return how much steeper a child is across the border of a place than its base; nan: flat."""
    inside = _at_pixels(mask, base)
    steep = []
    for pixels in (child.astype(np.float64), base.astype(np.float64)):
        down = np.abs(np.diff(pixels, axis=0)).mean(-1)[inside[1:] != inside[:-1]]
        across = np.abs(np.diff(pixels, axis=1)).mean(-1)[inside[:, 1:] != inside[:, :-1]]
        steep.append(np.concatenate([down, across]).mean() if inside.any() else np.nan)
    return steep[0] / steep[1] if steep[1] > 0.5 else float("nan")


def measure(
    studio: Studio, name: str, thing: Thing, args: argparse.Namespace
) -> tuple[int, int, float]:
    """Print the table of one thing; returns faces, those without a place, and pictures' seconds."""
    ways = {"place by words": Tally(), "words exchanged, same noise": Tally()}
    ways |= {"fixed box": Tally(), "difference merged": Tally()}
    nowhere = 0
    wanted = Wanted(there=thing.change.add, gone=thing.change.remove)
    started = time.perf_counter()
    for k, (genome, base, read, words) in enumerate(faces(studio, thing, args.faces, args.seed)):
        moved = [np.roll(_pixels(base), move, (0, 1)) for move in MOVES]
        again = studio.judge.read(np.stack(moved))
        stays = {a: float(np.mean([one[a] == read[a] for one in again])) for a in read}
        stays = {a: max(share, 0.25) for a, share in stays.items()}
        line = Line(seed=args.seed * 1000 + k)
        line.add(genome, Origin("found"), (), base)
        exchanged = studio.paint([Genome(genome.noise, words.after, genome.settings)])
        for mask, way in (
            (studio.place(genome, base, words), "place by words"),
            (mask_of(BOX, base.latent.shape[1:]), "fixed box"),
        ):
            if mask is None:
                nowhere += 1
                continue
            page = PaintedPlace(mask=mask, prompt=words.after)
            count = args.count if way == "place by words" else min(3, args.count)
            made = list(page.children(line, 0, 1, count))
            children = studio.paint([child.genome for child in made], wanted)
            shows = ways[way].take(studio, thing, base, read, stays, children, mask)
            for child, is_there in zip(made, shows, strict=True):
                for how in ("depth", "angle"):
                    told = f"{how} {child.origin.params[how]:g}"
                    ways[way].by.setdefault(told, []).append(bool(is_there))
            if way == "place by words":
                merged = pasted(_pixels(exchanged[0][0]), _pixels(base), mask)
                pair = [(Base(base.latent, merged), None)]
                ways["difference merged"].take(studio, thing, base, read, stays, pair, mask)
        ways["words exchanged, same noise"].take(studio, thing, base, read, stays, exchanged, None)
    count = len(ways["fixed box"].shown)
    print(
        f"\n{name}: {count} faces, {nowhere} without a place, {time.perf_counter() - started:.0f} s"
    )
    print(
        f"{'':<34}{'children show it':>16}{'pages with 3+':>16}{'first 3':>9}"
        f"{'others kept':>16}{'latents':>9}{'pixels':>9}{'seam':>7}{'area':>6}"
    )
    for way, tally in ways.items():
        if tally.shown:
            print(tally.row(way), flush=True)
    by = sorted(ways["place by words"].by.items())
    print("  " + ", ".join(f"{how}: {np.mean(there):.0%}" for how, there in by), flush=True)
    return count, nowhere, 0.0


def nearness(studio: Studio, args: argparse.Namespace) -> None:
    """Print how far children are from a picture by its CLIP: turned alone, and started from it."""
    card = describe(MODEL)
    assert card.clip is not None
    clip = Clip(card.clip)
    prompts = [Prompt.parse(face.prompt) for face in held_out()[: 2 if args.quick else 6]]
    parents = [
        Genome(noise.stored(noise.draw(noise.stream(args.seed, k, "near"), card.latent)), p)
        for k, p in enumerate(prompts)
    ]
    bases = [base for base, _ in studio.paint(parents)]
    seen = clip.embed([_pixels(base) for base in bases])
    print("\ndistance of children from their parent: angle, turned alone, started from it")
    for angle in (17.5, 35.0, 60.0):
        alone, begun = [], []
        for k, parent in enumerate(parents):
            for j in range(4):
                rng = noise.stream(args.seed, 100 * k + j, "near")
                child = operators.mutate(rng, parent, angle=angle)
                edit = Edit(bases[k], depth_of(angle))
                pair = studio.paint([child, replace(child, edit=edit)])
                both = 1 - clip.embed([_pixels(base) for base, _ in pair]) @ seen[k]
                alone.append(both[0])
                begun.append(both[1])
        print(f"{angle:>5.3g}°{np.median(alone):>8.3f}{np.median(begun):>8.3f}", flush=True)


def drift(studio: Studio, args: argparse.Namespace) -> None:
    """Print what differs outside the places after many edits of one face, and after round trips."""
    thing = things()["a smile"]
    genome, base, _, words = next(faces(studio, thing, 1, args.seed + 7))
    rng = np.random.default_rng(args.seed)
    line, at = Line(seed=args.seed), 0
    line.add(genome, Origin("found"), (), base)
    union = np.zeros(base.latent.shape[1:], np.bool_)
    edits = 20 if args.quick else 100
    while len(line.births) <= edits:
        left, top = rng.integers(0, 13, 2) / 16
        mask = mask_of((left, top, left + 3 / 16, top + 3 / 16), base.latent.shape[1:])
        union |= mask if union.mean() < 0.5 else False
        mask = mask & union
        if not mask.any():
            continue
        (made,) = PaintedPlace(mask=mask, depth=0.75).children(line, at, len(line.births), 1)
        ((child, _),) = studio.paint([made.genome])
        at = line.add(made.genome, made.origin, made.parents, child)
    _differing(f"{len(line.births) - 1} edits stacked", line.bases[0], line.bases[at], union)

    line, at = Line(seed=args.seed + 1), 0
    line.add(genome, Origin("found"), (), base)
    place = studio.place(genome, base, words)
    assert place is not None
    trips = 3 if args.quick else 10
    for _ in range(trips):
        for change in (PaintedPlace(mask=place, prompt=words.after), TakenOff()):
            made = next(iter(change.children(line, at, len(line.births), 1)))
            ((child, _),) = studio.paint([made.genome])
            at = line.add(made.genome, made.origin, made.parents, child)
    nothing = np.zeros_like(place)
    _differing(f"{trips} times added and taken off", line.bases[0], line.bases[at], nothing)

    line, at = Line(seed=args.seed + 2), 0
    line.add(genome, Origin("found"), (), base)
    for _ in range(trips):
        for prompt in (words.after, words.before):
            change = PaintedPlace(mask=place, prompt=prompt)
            made = next(iter(change.children(line, at, len(line.births), 1)))
            ((child, _),) = studio.paint([made.genome])
            at = line.add(made.genome, made.origin, made.parents, child)
    _differing(f"{trips} times added and removed", line.bases[0], line.bases[at], place)


def _differing(name: str, base: Base, end: Base, free: Mask) -> None:
    pixels = (_pixels(base) != _pixels(end)).any(-1)[~_at_pixels(free, _pixels(base))].sum()
    latents = (base.latent != end.latent)[:, ~free].sum()
    print(f"{name}: {latents} latent values and {pixels} pixels differ outside", flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--faces", type=int, default=24, help="of each thing")
    parser.add_argument("--count", type=int, default=12, help="children of a page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--judge", choices=("second", "first"), default="second")
    parser.add_argument(
        "--things", nargs="*", help=f"of {', '.join(things())}; none for drift only"
    )
    parser.add_argument("--quick", action="store_true", help="fewer stacked edits")
    args = parser.parse_args()
    if args.judge == "second":
        from benchmarks.portraits.second_judge import load_judge
    else:
        from benchmarks.portraits.judge import load_judge
    with load_renderer(MODEL) as renderer:
        studio = Studio(renderer, load_judge())
        for name, thing in things().items():
            if args.things is None or name in args.things:
                measure(studio, name, thing, args)
        drift(studio, args)
        nearness(studio, args)


if __name__ == "__main__":
    main()
