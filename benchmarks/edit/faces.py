"""Painted faces that lack a thing, read by a judge, and the words that ask for it."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.portraits.held_out import ASKING, held_out
from evolve import Genome, Prompt, describe
from evolve.errors import GenomeError, RenderError
from evolve.genome import noise
from evolve.genome.edit import Base
from evolve.genome.masks import located
from evolve.models.words.meanings import alien_remark, apart_remark, meanings_of
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings
from evolve.rendering.painting import paint
from evolve.rendering.process import paint_one
from evolve.rendering.protocol import Failed, Finished, Job, Locate
from evolve.scoring.wanted import Wanted
from evolve.scoring.words import Words
from evolve.search.edits import PaintedPlace

MODEL = "portraits"
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Thing:
    """Something to be added, removed or exchanged."""

    change: WordChange
    attribute: str
    lacks: frozenset[str] | None
    """Values of faces of which the thing is asked; None for any that do not show it."""
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
        "a cap": Thing(WordChange(add="a cap"), "hat", none, values("a cap")),
        "without glasses": Thing(WordChange(remove="glasses"), "glasses", values("glasses"), none),
    }
    for colour in ("red", "blue"):
        words = f"{colour} hair"
        found[words] = Thing(WordChange(add=words), "hair_colour", None, values(words))
    return found


class Studio:
    """Paints and reads."""

    def __init__(self, renderer: Any, judge: Any) -> None:
        self.renderer, self.judge = renderer, judge
        self.meanings = meanings_of(describe(MODEL))
        self.reader = Words(describe(MODEL))

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
        answers: list[dict[str, str]] = self.judge.read(np.stack([pixels_of(b) for b in bases]))
        return answers

    def phrasings(self, prompt: Prompt, change: WordChange) -> Phrasings:
        """The words without a change, and with it."""
        return phrasings(prompt, change, self.meanings)

    def place(self, genome: Genome, base: Base, words: Phrasings) -> PaintedPlace | None:
        """What is asked for, as the app and the command ask it; None if no place stands out."""
        task = Locate(id=0, genome=genome, latent=base.latent, phrasings=words)
        found = paint_one.locate(self.renderer, task)
        try:
            wording = words.found(focused=found.focused, look=found.look)
            place = PaintedPlace(
                mask=located(found.difference), guidance=found.guidance, near=found.near
            )
            return place.in_words(wording, found.chances)
        except GenomeError:
            return None

    def never(self, base: Base, words: Phrasings) -> bool:
        """Whether the model says that it has never seen the thing in pictures like this one."""
        shown = self.reader.shown(base.latent)
        return bool(alien_remark(describe(MODEL), words.before, words.after, shown))


def pixels_of(base: Base) -> npt.NDArray[np.uint8]:
    """Return a picture, (height, width, 3) from 0 to 255."""
    assert base.picture is not None
    return base.picture


class Face(NamedTuple):
    """A painted face that a thing is asked of."""

    number: int
    """Of its prompt and noise."""
    genome: Genome
    base: Base
    read: dict[str, str]
    """What the judge sees in it."""
    words: Phrasings
    """The words of the change."""


LEFT_OUT = "left out"
"""Of a face that lacks a thing of which the model says that it never had it in such pictures."""
ANOTHER = "another"
"""Of one that is not as it is to be before."""
TURNS = 5
"""Noises of each prompt, one after the other when the prompts are through: few have no mouth."""


def faces(
    studio: Studio,
    thing: Thing,
    seed: int,
    *,
    known: Container[int] = (),
    passed: Callable[[int, str], None] = lambda number, why: None,
) -> Iterator[Face]:
    """Yield painted faces that lack a thing, or have what is to go.

    Args:
        studio: Paints them.
        thing: What is to be asked of them.
        seed: Of their order and noises.
        known: Numbers of those that are left out of these.
        passed: Called with the number of each that is no such face, and why.
    """
    card = describe(MODEL)
    prompts = [face.prompt for face in held_out()]
    once = np.random.default_rng(seed).permutation(len(prompts))
    order = np.concatenate([once + turn * len(prompts) for turn in range(TURNS)])
    for start in range(0, len(order), 16):
        batch = []
        for k in order[start : start + 16].tolist():
            if k in known:
                continue
            try:
                prompt = Prompt.parse(prompts[k % len(prompts)])
                words = studio.phrasings(prompt, thing.change)
            except GenomeError:
                continue
            if apart_remark(card, words.after):  # it has never seen the two together, and says so
                continue
            drawn = noise.draw(noise.stream(seed, k, "edit benchmark"), card.latent)
            batch.append((k, Genome(noise.stored(drawn), words.before, card.settings), words))
        if not batch:
            continue
        bases = [base for base, _ in studio.paint([genome for _, genome, _ in batch])]
        for (k, genome, words), base, read in zip(batch, bases, studio.read(bases), strict=True):
            value = read[thing.attribute]
            if value in thing.shows if thing.lacks is None else value not in thing.lacks:
                passed(k, ANOTHER)
            elif studio.never(base, words):
                passed(k, LEFT_OUT)
            else:
                yield Face(k, genome, base, read, words)
