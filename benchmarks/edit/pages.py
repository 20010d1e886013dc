"""The pages that a face is asked for: by words, and beside it by other ways."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from benchmarks.edit.faces import Face, Studio, Thing, pixels_of
from benchmarks.edit.tally import Page, Steady
from benchmarks.portraits.judging.steadiness import MOVES
from benchmarks.portraits.places import pairs
from evolve import Genome, Prompt
from evolve.genome.edit import Base, pasted
from evolve.genome.masks import mask_of
from evolve.scoring.wanted import Wanted
from evolve.search import Search
from evolve.search.edits import PaintedPlace
from evolve.search.individual import Made, Origin

BY_WORDS = "place by words"
EXCHANGED, BOXED, MERGED = "words exchanged, same noise", "fixed box", "difference merged"
WAYS = (BY_WORDS, EXCHANGED, BOXED, MERGED)
BOX = (3 / 16, 3 / 16, 13 / 16, 13 / 16)
"""The fixed box: 10 x 10 of 16 x 16 cells."""
Picture = npt.NDArray[np.uint8]
LEAST = 0.25
"""Least share that a judge is taken to read an attribute alike in the same picture."""


class Line(Search):
    """A family of edits: the births, genomes and pictures of a face and its children."""

    def __init__(self, seed: int) -> None:
        """Begin without a face."""
        self.bases: list[Base] = []
        super().__init__(
            seed=seed,
            prompt=Prompt.typed("a face"),
            shape=(1, 1, 1),
            base_of=self.bases.__getitem__,
        )

    def add(self, genome: Genome, origin: Origin, parents: tuple[int, ...], base: Base) -> int:
        """Add an individual with its picture."""
        self.bases.append(base)
        (born,) = self.accept([Made(genome, origin, parents).born(len(self.births), 0)])
        return born.id


def moved(pictures: Picture) -> Picture:
    """Return pictures (..., height, width, 3) four times, each time moved by two pixels."""
    return np.stack([np.roll(pictures, by, (-3, -2)) for by in MOVES])


def read_alike(studio: Studio, attribute: str) -> dict[str, float]:
    """Return how often the judge reads each attribute alike in art with a thing and without.

    The art is composed twice, otherwise the same (`benchmarks.portraits.places`): what a thing
    covers, or what a judge takes for something else because of it, is lost in the art, too. Only
    art is asked in which the judge reads the attribute alike wherever it is moved to.
    """
    both = [p.pictures for tuning in (False, True) for p in pairs(tuning) if p.thing == attribute]
    if not both:
        return {}
    sides = [np.stack([pair[side] for pair in both]) for side in (0, 1)]
    again = moved(sides[1])
    there, before, *others = (studio.judge.read(each) for each in (*sides, *again))
    alike: dict[str, list[bool]] = {}
    for one, other, *moves in zip(there, before, *others, strict=True):
        for name, value in other.items():
            if all(each[name] == value for each in moves):
                alike.setdefault(name, []).append(one[name] == value)
    return {name: float(np.mean(each)) for name, each in alike.items()}


def pages_of(
    studio: Studio, thing: Thing, face: Face, line: Line, alike: Mapping[str, float], count: int
) -> dict[str, Page | None]:
    """Return the page of each way, None where no place was found.

    Args:
        studio: Paints and reads.
        thing: What is asked for.
        face: The face that is edited.
        line: Its family, empty.
        alike: As `read_alike` returns it.
        count: Children of a page by words; a box has at most three, the other ways one.
    """
    base, read = face.base, face.read
    again = studio.judge.read(moved(pixels_of(base)))
    stays = {a: max(LEAST, float(np.mean([m[a] == read[a] for m in again]))) for a in read}
    surely = Steady(stays, alike)
    wanted = Wanted(there=thing.change.add, gone=thing.change.remove)
    line.add(face.genome, Origin("found"), (), base)
    words, settings = face.words.after, face.genome.settings
    exchanged = studio.paint([Genome(face.genome.noise, words, settings)])
    found: dict[str, Page | None] = dict.fromkeys(WAYS)
    found[EXCHANGED] = Page.of(studio, thing, base, read, surely, exchanged, None)
    box = PaintedPlace(mask=mask_of(BOX, base.latent.shape[1:]), prompt=words)
    by_words = studio.place(face.genome, base, face.words)
    for place, way, most in ((by_words, BY_WORDS, count), (box, BOXED, min(3, count))):
        if place is None:
            continue
        made = list(place.children(line, 0, 1, most))
        children = studio.paint([child.genome for child in made], wanted)
        made_by = [
            (
                *(f"{how} {child.origin.params[how]:g}" for how in ("depth", "angle")),
                f"weight {child.genome.prompt.concepts[-1].weight:g}",
            )
            for child in made
        ]
        page = Page.of(studio, thing, base, read, surely, children, place.mask, made_by=made_by)
        found[way] = page
    if by_words is not None:
        merged = pasted(pixels_of(exchanged[0][0]), pixels_of(base), by_words.mask)
        pair = [(Base(base.latent, merged), None)]
        found[MERGED] = Page.of(studio, thing, base, read, surely, pair, by_words.mask)
    return found
