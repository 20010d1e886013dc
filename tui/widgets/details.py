"""What is known about one individual, as labelled lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import NamedTuple

from evolve.genome import Genome
from evolve.genome.prompt import ADDED, MIXED
from evolve.taste.pages.proposing import among_of, why
from populations.lineage.descent import upwards
from tui.controller.cards import Card
from tui.controller.pages import Pages
from tui.controller.picking import ORDINALS
from tui.drawing.cells import wrapped
from tui.drawing.differences import differences, edited, start
from tui.widgets.making import making
from tui.widgets.pictures.card_caption import STAR, progress

LABEL = 10
"""Cells of the column of labels."""
MOST = 64
"""Ids that are shown at most."""

NOTHING = "not yet"
"""The verdict on a picture that was not judged."""


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
    birth, settings = card.birth, genome.settings
    lines = [Line("", f"#{card.id}  generation {birth.generation + 1}", heading=True)]
    room = max(8, width - LABEL)

    def add(label: str, text: str) -> None:
        for part in wrapped(text, room, most=8) or [""]:
            lines.append(Line(label, part))
            label = ""

    add("rated", verdict(card))
    if card.note:
        add("note", card.note)
    if card.verdict.score is not None:
        add("score", f"{card.verdict.score:.4g}")
    if card.error:
        add("failed", card.error)
    elif progress(card):
        add("picture", progress(card))
    lines.append(Line())
    add("made by", making(birth.origin))
    if reason := why(birth.origin.params):
        add("shown as", reason)
    if among := among_of(birth.origin.params):
        add("chosen", f"among {among} painted")
    if distance is not None:
        add("distance", f"{distance:.2f} from #{birth.parents[0]}")
    add("parents", ids(birth.parents))
    add("children", ids(pages.children(card.id)))
    line = [*islice(upwards(pages.cards.births, card.id), MOST + 1)]
    if len(line) > 2:
        add("line", ids(line, " ← "))
    lines.append(Line())
    if genome.edit is not None:
        add("starts at", start(genome.edit, edited(birth.origin.params)))
    add("prompt", str(genome.prompt))
    if genome.prompt.rule == MIXED and len(genome.prompt.concepts) > 1:
        add("", "averaged, by the oldest rule of weights")
    if genome.prompt.rule == ADDED and len(genome.prompt.concepts) > 2:
        add("", "added one by one, by an older rule of weights")
    if genome.prompt.negative:
        add("without", " | ".join(c.text for c in genome.prompt.negative))
    add("guidance", f"{settings.guidance_scale:g}")
    if settings.loras:
        add("LoRA", ", ".join(f"{weight:g}" for weight in settings.loras))
    if settings.cut_guidance is not None:
        add("by cuts", f"{settings.cut_guidance:g}")
    if settings.variety is not None:
        add("variety", f"{settings.variety:g}")
    add("steps", f"{settings.steps} {settings.sampler}")
    if (known := birth.origin.params.get("seed", seed)) is not None:
        add("seed", f"{known}")
    return lines


def family(pages: Pages, card: Card, genome_of: Callable[[int], Genome], width: int) -> list[Line]:
    """Return for each parent what of its genome is different in the child."""
    lines: list[Line] = []
    for parent in card.birth.parents:
        changes = differences(genome_of(parent), genome_of(card.id))
        judged = verdict(pages.cards[parent])
        text = " · ".join([*([judged] if judged != NOTHING else []), *changes]) or "the same genome"
        label = f"from #{parent}"
        for part in wrapped(text, max(8, width - LABEL), most=4):
            lines.append(Line(label, part))
            label = ""
    return lines


def verdict(card: Card) -> str:
    """Return the judgements of a card in words."""
    parts = [STAR * card.rating] if card.rating else []
    parts += [ORDINALS[card.place]] if card.place else []
    parts += ["none of its page"] * card.verdict.none + ["same as its page"] * card.verdict.same
    parts += (
        ["reject"] * card.verdict.rejected
        + ["pin"] * card.verdict.pinned
        + ["parent"] * card.marked
    )
    return " ".join(parts) or NOTHING  # fits one line: another would move all the lines below


def ids(numbers: Sequence[int], between: str = " ") -> str:
    """Return ids as `#3 #9`, of very many only the first."""
    shown = [f"#{number}" for number in numbers[:MOST]] + ["…"] * (len(numbers) > MOST)
    return between.join(shown) or "none"
