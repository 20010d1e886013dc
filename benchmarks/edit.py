"""Does an edit by words show what was asked for, and nothing else?

    python -m benchmarks.edit [--faces 24] [--count 12] [--judge second|first] [--seed 1]
        [--things smile glasses ...] [--quick]

Paints faces of held-out prompts that lack a thing by the judge's reading (or have it, where it is
to go), asks for it by words, and reads the page of children. In one run beside it: words exchanged
with the same noise and nothing held; a fixed box; a difference merged (the pixels of the exchanged
words pasted into the place). The second judge was used in building nothing.

Faces are of styles in which the model has seen the thing; of others it says itself that it leaves
one or the other out, or, where the words name no style, that it has never seen the thing in
pictures like this one ("left out"). "kept" is the share of the other attributes that the judge
reads as before, divided by the share that it reads as before when the same picture is moved by two
pixels ("all": also of eyes, extras and the colours of hats that are not there; they have no value
for that, so that they are guessed). "steady" counts only attributes that it reads alike in all of
these, and is not divided. Latents and pictures are compared value by value outside the
place. A seam is how much steeper the picture is across the border of the place than the base is
there; the median over all children. "apart" is how far the pictures of a page differ in the place,
the mean of all pairs, as a share of what pixels can. Intervals are 95 %, over faces.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field, replace

import numpy as np

from benchmarks.editing.faces import MODEL, Mask, Studio, Thing, faces, pixels_of, things
from benchmarks.editing.tally import Tally, in_pixels
from benchmarks.portraits.held_out import held_out
from evolve import Clip, Genome, Prompt, describe, load_renderer
from evolve.genome import noise
from evolve.genome.edit import Base, Edit, mask_of, pasted
from evolve.scoring.wanted import Wanted
from evolve.search import operators
from evolve.search.edits import PaintedPlace, TakenOff
from evolve.search.individual import Birth, Origin
from evolve.search.released import depth_of

FEW = 4
"""Children of which the first is gone on with, where a thing is added and removed again."""
BOX = (3 / 16, 3 / 16, 13 / 16, 13 / 16)
"""The fixed box: 10 x 10 of 16 x 16 cells."""
MOVES = ((2, 0), (-2, 0), (0, 2), (0, -2))


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


def measure(
    studio: Studio, name: str, thing: Thing, args: argparse.Namespace
) -> tuple[int, int, float]:
    """Print the table of one thing; returns faces, those without a place, and pictures' seconds."""
    ways = {"place by words": Tally(), "words exchanged, same noise": Tally()}
    ways |= {"fixed box": Tally(), "difference merged": Tally()}
    nowhere = studio.left_out = 0
    wanted = Wanted(there=thing.change.add, gone=thing.change.remove)
    started = time.perf_counter()
    for k, (genome, base, read, words) in enumerate(faces(studio, thing, args.faces, args.seed)):
        moved = [np.roll(pixels_of(base), move, (0, 1)) for move in MOVES]
        again = studio.judge.read(np.stack(moved))
        stays = {a: float(np.mean([one[a] == read[a] for one in again])) for a in read}
        stays = {a: max(share, 0.25) for a, share in stays.items()}
        line = Line(seed=args.seed * 1000 + k)
        line.add(genome, Origin("found"), (), base)
        exchanged = studio.paint([Genome(genome.noise, words.after, genome.settings)])
        box = PaintedPlace(mask=mask_of(BOX, base.latent.shape[1:]), prompt=words.after)
        found = studio.place(genome, base, words)
        for page, way in ((found, "place by words"), (box, "fixed box")):
            if page is None:
                nowhere += 1
                continue
            mask = page.mask
            count = args.count if way == "place by words" else min(3, args.count)
            made = list(page.children(line, 0, 1, count))
            children = studio.paint([child.genome for child in made], wanted)
            shows = ways[way].take(studio, thing, base, read, stays, children, mask)
            for child, is_there in zip(made, shows, strict=True):
                told = [f"{how} {child.origin.params[how]:g}" for how in ("depth", "angle")]
                told.append(f"weight {child.genome.prompt.concepts[-1].weight:g}")
                for each in told:
                    ways[way].by.setdefault(each, []).append(bool(is_there))
            if way == "place by words":
                merged = pasted(pixels_of(exchanged[0][0]), pixels_of(base), mask)
                pair = [(Base(base.latent, merged), None)]
                ways["difference merged"].take(studio, thing, base, read, stays, pair, mask)
        ways["words exchanged, same noise"].take(studio, thing, base, read, stays, exchanged, None)
    count = len(ways["fixed box"].shown)
    left, took = studio.left_out, time.perf_counter() - started
    print(f"\n{name}: {count} faces, {nowhere} without a place, {left} left out, {took:.0f} s")
    print(
        f"{'':<34}{'children show it':>16}{'pages with 3+':>16}{'first 3':>9}"
        f"{'others kept':>16}{'steady':>16}{'all':>6}{'latents':>9}{'pixels':>9}"
        f"{'seam':>7}{'area':>6}{'apart':>7}"
    )
    for way, tally in ways.items():
        if tally.shown:
            print(tally.row(way), flush=True)
    by = sorted(ways["place by words"].by.items())
    print("  " + ", ".join(f"{how}: {np.mean(there):.0%}" for how, there in by), flush=True)
    lost = {name: float(np.mean(share)) for name, share in ways["place by words"].lost.items()}
    most = sorted(lost.items(), key=lambda one: -one[1])
    told = ", ".join(f"{name} {share:.0%}" for name, share in most if share >= 0.005)
    print(f"  read as another than before, by words: {told or 'none'}", flush=True)
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
    seen = clip.embed([pixels_of(base) for base in bases])
    print("\ndistance of children from their parent: angle, turned alone, started from it")
    for angle in (17.5, 35.0, 60.0):
        alone, begun = [], []
        for k, parent in enumerate(parents):
            for j in range(4):
                rng = noise.stream(args.seed, 100 * k + j, "near")
                child = operators.mutate(rng, parent, angle=angle)
                edit = Edit(bases[k], depth_of(angle))
                pair = studio.paint([child, replace(child, edit=edit)])
                both = 1 - clip.embed([pixels_of(base) for base, _ in pair]) @ seen[k]
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
    found = studio.place(genome, base, words)
    assert found is not None
    place = found.mask
    trips = 3 if args.quick else 10
    for _ in range(trips):
        for change in (PaintedPlace(mask=place, prompt=words.after), TakenOff()):
            made = next(iter(change.children(line, at, len(line.births), 1)))
            ((child, _),) = studio.paint([made.genome])
            at = line.add(made.genome, made.origin, made.parents, child)
    nothing = np.zeros_like(place)
    _differing(f"{trips} times added and taken off", line.bases[0], line.bases[at], nothing)

    line, at, shown, gone = Line(seed=args.seed + 2), 0, 0, 0
    line.add(genome, Origin("found"), (), base)
    ways = (Wanted(there="a smile"), words.after), (Wanted(gone="a mouth"), words.before)
    for _ in range(trips):
        for wanted, prompt in ways:
            change = PaintedPlace(mask=place, prompt=prompt)
            page = list(change.children(line, at, len(line.births), FEW))
            painted = studio.paint([made.genome for made in page], wanted)
            best = max(range(FEW), key=lambda k: painted[k][1] or 0.0)  # what is shown first
            (read,) = studio.read([painted[best][0]])
            shown += bool(wanted.there) and read["mouth"] in thing.shows
            gone += bool(wanted.gone) and read["mouth"] == "none"
            made = page[best]
            at = line.add(made.genome, made.origin, made.parents, painted[best][0])
    _differing(f"{trips} times added and removed", line.bases[0], line.bases[at], place)
    print(f"of these the judge sees the smile {shown} times, and no mouth {gone} times")


def _differing(name: str, base: Base, end: Base, free: Mask) -> None:
    pixels = (pixels_of(base) != pixels_of(end)).any(-1)[~in_pixels(free, pixels_of(base))].sum()
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
