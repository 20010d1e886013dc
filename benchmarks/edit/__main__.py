"""Does an edit by words show what was asked for, and nothing else?

    python -m benchmarks.edit [--faces 24] [--count 12] [--judge second|first] [--seed 1]
        [--things "a smile" glasses ...] [--quick] [--kept FOLDER] [--pages]

Paints faces of held-out prompts that lack a thing by the judge's reading (or have it, where it is
to go), asks for it by words, and reads the page of children. In one run beside it: words exchanged
with the same noise and nothing held; a fixed box; a difference merged (the pixels of the exchanged
words pasted into the place). The second judge was used in building nothing.

Faces are of styles in which the model has seen the thing; of others it says itself that it leaves
one or the other out, or, where the words name no style, that it has never seen the thing in
pictures like this one ("left out"). "kept" is the share of the other attributes that the judge
reads as before, divided by the share that it reads as before when the same picture is moved by two
pixels ("all": also of eyes, extras and the colours of hats that are not there; they have no value
for that, so that they are guessed). "beside" is divided by the share, too, that it reads
alike in art that is composed with the thing and without (of caps there is none). "steady" counts
only attributes that it reads alike in all of these, and is not divided. Latents and pictures are
compared value by value outside the place. A seam is how much steeper the picture is across the
border of the place than the base is there; the median over all children. "apart" is how far the
pictures of a page differ in the place, the mean of all pairs, as a share of what pixels can.
Intervals are 95 %, over faces.

With --kept each face is kept in the folder as soon as it is measured, and a run that was stopped,
or is asked for more faces, goes on after those.
"""

import argparse
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.edit.faces import LEFT_OUT, MODEL, Mask, Studio, Thing, faces, pixels_of, things
from benchmarks.edit.pages import BY_WORDS, WAYS, Line, pages_of, read_alike
from benchmarks.edit.tally import Page, Tally, heads, in_pixels
from benchmarks.portraits.judges import load_judge
from benchmarks.scripting.command_line import parser_of
from benchmarks.scripting.kept_lines import add_line, read_lines
from evolve import load_renderer
from evolve.genome.edit import Base
from evolve.genome.masks import mask_of
from evolve.scoring.wanted import Wanted
from evolve.search.edits import PaintedPlace, TakenOff
from evolve.search.individual import Origin

FEW = 4
"""Children of which the first is gone on with, where a thing is added and removed again."""


def measure(studio: Studio, name: str, thing: Thing, args: argparse.Namespace) -> None:
    """Print the table of one thing, of faces that were measured before and of others."""
    kept = None
    if args.kept:
        about = f"{args.judge}-{args.seed}-{args.count}"
        kept = args.kept / f"{name.replace(' ', '-')}-{about}.jsonl"
    known = {line["face"]: line for line in read_lines(kept)} if kept else {}

    def keep(number: int, what: dict[str, Any]) -> None:
        known[number] = {"face": number, **what}
        if kept:
            add_line(kept, known[number])

    def measured() -> list[dict[str, Any]]:
        return [line for line in known.values() if "ways" in line]

    alike = read_alike(studio, thing.attribute)
    others = faces(
        studio, thing, args.seed, known=set(known), passed=lambda n, why: keep(n, {"passed": why})
    )
    while len(measured()) < args.faces and (face := next(others, None)):
        began, line = time.perf_counter(), Line(seed=args.seed * 1000 + len(measured()))
        pages = pages_of(studio, thing, face, line, alike, args.count)
        ways = {way: None if page is None else asdict(page) for way, page in pages.items()}
        took = time.perf_counter() - began
        keep(face.number, {"ways": ways, "style": face.read["style"], "seconds": round(took, 1)})
    done = measured()[: args.faces]
    if not done:
        return
    left = sum(line.get("passed") == LEFT_OUT for line in known.values())
    nowhere = sum(line["ways"][BY_WORDS] is None for line in done)
    took = sum(line["seconds"] for line in done)
    print(f"\n{name}: {len(done)} faces, {nowhere} without a place, {left} left out, {took:.0f} s")
    print(heads())
    for way in WAYS:
        shown = [Page(**line["ways"][way]) for line in done if line["ways"][way]]
        if shown:
            print(Tally(shown).row(way), flush=True)
    tally = Tally([Page(**line["ways"][BY_WORDS]) for line in done if line["ways"][BY_WORDS]])
    print("  " + tally.by(), flush=True)
    print(f"  read as another than before, by words: {tally.lost()}", flush=True)


def drift(studio: Studio, args: argparse.Namespace) -> None:
    """Print what differs outside the places after many edits of one face, and after round trips."""
    thing = things()["a smile"]
    _, genome, base, _, words = next(faces(studio, thing, args.seed + 7))
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
    parser = parser_of(__doc__)
    parser.add_argument("--faces", type=int, default=24, help="of each thing")
    parser.add_argument("--count", type=int, default=12, help="children of a page")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--judge", choices=("second", "first"), default="second")
    parser.add_argument(
        "--things", nargs="*", help=f"of {', '.join(things())}; none for drift only"
    )
    parser.add_argument("--kept", type=Path, help="where faces are kept as they are measured")
    parser.add_argument("--pages", action="store_true", help="nothing but the pages of things")
    parser.add_argument("--quick", action="store_true", help="fewer stacked edits")
    args = parser.parse_args()
    if args.kept:
        args.kept.mkdir(parents=True, exist_ok=True)
    with load_renderer(MODEL) as renderer:
        studio = Studio(renderer, load_judge(args.judge))
        for name, thing in things().items():
            if args.things is None or name in args.things:
                measure(studio, name, thing, args)
        if not args.pages:
            drift(studio, args)


if __name__ == "__main__":
    main()
