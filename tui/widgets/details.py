"""What is known about one individual, as labelled lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from evolve.genome import Genome
from evolve.genome.prompt import ADDED, MIXED, WRITTEN
from evolve.taste.pages.proposing import among_of
from evolve.taste.pages.slate import why
from populations.core.making import making
from populations.lineage.descent import upwards
from tui.controller.cards import Card
from tui.controller.pages import Pages
from tui.controller.picking import ORDINALS
from tui.drawing.cells import wrapped
from tui.drawing.differences import differences, edited, start
from tui.widgets.pictures.card_caption import STAR, progress

LABEL = 10
"""Cells of the column of labels."""
MOST = 64
"""Ids that are shown at most."""

NOTHING = "not yet"
"""Shown for a picture that was not judged."""


Fact = tuple[str, str]
"""A label, and what is known."""


class Line(NamedTuple):
    """One line of details."""

    label: str = ""
    text: str = ""
    heading: bool = False


def describe(
    pages: Pages,
    card: Card,
    genome: Genome,
    width: int,
    seed: int | None = None,
    distance: float | None = None,
) -> list[Line]:
    """Return everything about a card of a population of `seed`, at most `width` cells a line.

    `distance` is how far its picture is from that of its main parent, if that is known.
    """
    heading = Line("", f"#{card.id}  generation {card.birth.generation + 1}", heading=True)
    lines = [heading, *_lines(_judged(card), width)]
    lines += [Line(), *_lines(_made(pages, card, distance), width)]
    return [*lines, Line(), *_lines(_painted(card, genome, seed), width)]


def _lines(facts: Iterable[Fact], width: int, most: int = 8) -> Iterator[Line]:
    """Yield facts as lines, each label before its first line."""
    for label, text in facts:
        for n, part in enumerate(wrapped(text, max(8, width - LABEL), most=most) or [""]):
            yield Line("" if n else label, part)


def _judged(card: Card) -> Iterator[Fact]:
    yield "rated", verdict(card)
    if card.note:
        yield "note", card.note
    if card.verdict.score is not None:
        yield "score", f"{card.verdict.score:.4g}"
    if card.error:
        yield "failed", card.error
    elif progress(card):
        yield "picture", progress(card)


def _made(pages: Pages, card: Card, distance: float | None) -> Iterator[Fact]:
    birth = card.birth
    yield "made by", making(birth.origin)
    if reason := why(birth.origin.params):
        yield "shown as", reason
    if among := among_of(birth.origin.params):
        yield "chosen", f"among {among} painted"
    if distance is not None:
        yield "distance", f"{distance:.2f} from #{birth.parents[0]}"
    yield "parents", ids(birth.parents)
    yield "children", ids(pages.children(card.id))
    line = [*islice(upwards(pages.cards.births, card.id), MOST + 1)]
    if len(line) > 2:
        yield "line", ids(line, " ← ")


def _painted(card: Card, genome: Genome, seed: int | None) -> Iterator[Fact]:
    params, prompt, settings = card.birth.origin.params, genome.prompt, genome.settings
    if genome.edit is not None:
        yield "starts at", start(genome.edit, edited(params))
    yield "prompt", str(prompt)
    if prompt.rule == MIXED and len(prompt.concepts) > 1:
        yield "", "averaged, by the oldest rule of weights"
    if prompt.rule == ADDED and len(prompt.concepts) > 2:
        yield "", "added one by one, by an older rule of weights"
    if prompt.rule == WRITTEN and any(c.weight < 0 for c in prompt.concepts):
        yield "", "subtracted below 0, by an older rule of weights"
    if prompt.negative:
        yield "without", prompt.unwanted
    yield "guidance", f"{settings.guidance_scale:g}"
    if settings.loras:
        yield "LoRA", ", ".join(f"{weight:g}" for weight in settings.loras)
    if settings.cut_guidance is not None:
        yield "by cuts", f"{settings.cut_guidance:g}"
    if settings.variety is not None:
        yield "variety", f"{settings.variety:g}"
    yield "steps", f"{settings.steps} {settings.sampler}"
    if (known := params.get("seed", seed)) is not None:
        yield "seed", f"{known}"


def family(pages: Pages, card: Card, genome_of: Callable[[int], Genome], width: int) -> list[Line]:
    """Return for each parent what of its genome is different in the child."""

    def facts() -> Iterator[Fact]:
        for parent in card.birth.parents:
            changes = differences(genome_of(parent), genome_of(card.id))
            parts = [*filter(None, [_judgements(pages.cards[parent])]), *changes]
            yield f"from #{parent}", " · ".join(parts) or "the same genome"

    return [*_lines(facts(), width, most=4)]


def verdict(card: Card) -> str:
    """Return the judgements of a card in words, and whether it is marked."""
    judgements = _judgements(card) or NOTHING
    if not card.marked:
        return judgements
    return f"{judgements}{',' * (judgements == NOTHING)} marked parent"


def _judgements(card: Card) -> str:
    parts = [STAR * card.rating] if card.rating else []
    parts += [ORDINALS[card.place]] if card.place else []
    parts += ["none of its page"] * card.verdict.none + ["same as its page"] * card.verdict.same
    parts += ["reject"] * card.verdict.rejected + ["pin"] * card.verdict.pinned
    return " ".join(parts)  # fits one line: another would move all the lines below


def ids(numbers: Sequence[int], between: str = " ") -> str:
    """Return ids as `#3 #9`, of very many only the first."""
    shown = [f"#{number}" for number in numbers[:MOST]] + ["…"] * (len(numbers) > MOST)
    return between.join(shown) or "none"
