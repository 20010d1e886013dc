"""What to know of a change before it is painted: of its words, and whether the picture shows it."""

from __future__ import annotations

from evolve.models.catalog import ModelCard
from evolve.models.words import clauses
from evolve.models.words.meanings import meanings_of
from evolve.models.words.phrasing import Phrasings, WordChange, phrasings
from evolve.models.words.remarks import change_remarks
from evolve.models.words.things import Things
from evolve.scoring.looks.reading import chances_in, name_of
from populations.core.population import Population

HARDLY, SURELY = 0.1, 0.9
"""How probable a thing is that is hardly there, and one that is there."""


def remarks_before(
    population: Population,
    individual: int,
    change: WordChange,
    card: ModelCard,
    *,
    found: Phrasings | None = None,
    other: int | None = None,
    lists: str = "",
) -> list[str]:
    """Return what a person should know of a change of one picture before it is painted.

    `found` is its words without the change and with it, if they are known. If the thing is taken
    from `other`, only whether it is there matters. `lists` is as for `strangers_remark`.

    Raises:
        ModelError: A file of the model is damaged.
        GenomeError: The words change nothing.
    """
    if other is not None:
        there = lacking_remark(population, other, change.thing, card)
        found = None
    else:
        there = shown_remark(population, individual, change, card)
        before = population.genome(individual).prompt
        found = found or phrasings(before, change, meanings_of(card))
    return [*change_remarks(card, change, found, lists), *([there] if there else [])]


def shown_remark(
    population: Population, individual: int, change: WordChange, card: ModelCard
) -> str:
    """Return a line if little can change: what is to go is not there, or what is to come is.

    Empty where that is unknown: without a reader, or if an earlier version painted the picture.

    Raises:
        ModelError: A file of the model is damaged.
    """
    if old := clauses.bare(change.remove):
        chance = chance_of(population, individual, old, card)
        if chance is not None and chance < HARDLY:
            return f"picture {individual} hardly shows '{old}': there is little to take away"
        return ""
    chance = chance_of(population, individual, change.add, card)
    if chance is not None and chance > SURELY:
        new = clauses.bare(change.add)
        return f"picture {individual} shows '{new}' already: little will change"
    return ""


def lacking_remark(population: Population, other: int, words: str, card: ModelCard) -> str:
    """Return a line if what is to be taken from another picture is hardly there; else as above."""
    chance = chance_of(population, other, words, card)
    if chance is None or chance >= HARDLY:
        return ""
    return f"picture {other} hardly shows '{clauses.bare(words)}': there is little to take"


def chance_of(population: Population, individual: int, words: str, card: ModelCard) -> float | None:
    """Return how probable it is that a picture shows a thing, 0 to 1; None if unknown.

    Raises:
        ModelError: A file of the model is damaged.
    """
    meanings = meanings_of(card)
    if meanings is None or card.reader is None:
        return None
    thing = Things(meanings).thing(words)
    read = chances_in(population.looks(individual), name_of(card.reader))
    if read is None or thing is None or not thing.values or thing.values.keys() & meanings.partial:
        return None
    found: dict[tuple[str, str], float] = dict(zip(meanings.values, read.tolist(), strict=True))
    return min(sum(found[a, value] for value in values) for a, values in thing.values.items())
