"""What was learnt of a person's taste in a population, in words; and how to forget it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from evolve.errors import ArchiveError, GenomeError
from evolve.models.catalog import ModelCard
from evolve.models.words.meanings import meanings_of
from evolve.scoring.looks.appearance import TRAITS, traits
from evolve.scoring.looks.embedding import Embedding
from evolve.scoring.looks.properties import properties
from evolve.scoring.looks.reading import name_of
from evolve.search import Search
from evolve.search.plan import By
from evolve.taste.answers import judged_pages
from evolve.taste.attributes import Attributes
from evolve.taste.embeddings import Embeddings
from evolve.taste.explaining import Learnt, explain
from evolve.taste.foresight import Foresight, foresight
from evolve.taste.learning import Learning
from evolve.taste.parents import ENOUGH, ByTaste
from evolve.taste.prior import Prior
from evolve.taste.taste import Taste
from populations.core.population import Population
from populations.core.view import View
from populations.studio.opening import founded_by, open_saved

READ = 240
"""Judged pictures whose words are read at most, the newest of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteReport:
    """What was learnt."""

    judged: int
    """Pictures that it is learnt from."""
    unseen: int
    """Judged pictures that nothing could be learnt from, since they have no embedding."""
    predicts: Foresight
    learnt: tuple[Learnt, ...]
    """What is liked and disliked, in words, the strongest first."""
    compared: int
    """Pictures that the words are learnt from: of pages with enough judged pictures to compare."""
    words_by: str
    """Who found the words for what is in pictures: `reader` or `clip`; `appearance` where there are
    words for light and colours only; empty if nothing is compared, or the model is not here."""
    forgot: int
    """Individuals, from the first, whose answers teach nothing any more."""
    chosen_by: By
    """What the next page is bred by: `taste` or `ratings`."""
    counts: Mapping[str, float] = field(default_factory=dict)
    """How much each attribute and trait of pictures counts in what is expected: 1 as much as at
    first; nothing where they are not told apart."""
    began_with: str = ""
    """The population whose taste it began with; empty for none."""

    @property
    def likes(self) -> list[Learnt]:
        """What is liked."""
        return [each for each in self.learnt if each.weight > 0]

    @property
    def dislikes(self) -> list[Learnt]:
        """What is not."""
        return [each for each in self.learnt if each.weight < 0]


def taste_of(archive: View[Population], card: ModelCard | None) -> TasteReport:
    """Return what was learnt from the answers in a branch; without a card there are no words.

    Raises:
        ModelError: What reads pictures cannot be used.
    """
    plan, births, verdicts = archive.plan(), archive.births(), archive.verdicts()
    embeddings = Embeddings(archive.looks)
    since = plan.taste_since
    learning = Learning.from_config(archive.population.config)
    taste = learnt_in(archive, embeddings, learning)
    worth = {
        i: (page, value)
        for page, values in judged_pages(births, verdicts, since=since).items()
        for i, value in values.items()
    }
    words_by, learnt = "", list[Learnt]()
    if card is not None and worth:
        found = properties(card, archive, sorted(worth)[-READ:])
        pages = [worth[i][0] for i in found.individuals]
        values = np.array([worth[i][1] for i in found.individuals])
        words = [*found.words, *(trait.words for trait in TRAITS)]
        there = np.concatenate([found.values, traits(archive, found.individuals)], 1)
        words_by, learnt = found.by or "appearance", explain(values, there, words, pages)
    return TasteReport(
        judged=taste.judged,
        unseen=taste.unseen,
        predicts=foresight(embeddings, births, verdicts, since=since, learning=learning),
        learnt=tuple(learnt),
        compared=len(worth),
        words_by=words_by,
        forgot=since,
        chosen_by=plan.by or founded_by(archive.population.config),
        counts=taste.counts,
        began_with="" if taste.prior is None else taste.prior.name,
    )


def expected_of(population: Population, ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """Return how much each of some is expected to be liked, in steps of the rating scale.

    `mean` is relative to what was judged, `sd` is how unsure that is, 0 to 1. What is not painted
    is left out, and everyone as long as nothing is judged.
    """

    def look(individual: int) -> tuple[Embedding, ...]:
        try:
            return population.looks(individual)
        except ArchiveError:  # damaged: the others are shown all the same
            return ()

    taste = learnt_in(population, Embeddings(look), Learning.from_config(population.config))
    if not taste.judged:
        return {}
    seen, (mean, deviation) = taste.of(ids)
    rows = zip(seen, mean.tolist(), deviation.tolist(), strict=True)
    return {i: {"mean": round(m, 3), "sd": round(d, 3)} for i, m, d in rows}


def attributes_of(card: ModelCard) -> Attributes:
    """Return what a model's reader finds, for a taste to tell apart; nothing if it brings none.

    Raises:
        ModelError: A file of the model is damaged.
    """
    meanings = None if card.reader is None else meanings_of(card)
    if card.reader is None or meanings is None:
        return Attributes("", (), ())
    return Attributes.of(name_of(card.reader), meanings.phrases)


def forget(archive: View[Population]) -> int:
    """Start learning again from now on: earlier answers teach nothing any more.

    It stays saved as the ratings that it is. Returns how many individuals that concerns.
    """
    plan = replace(archive.plan(), taste_since=len(archive.births()))
    archive.append([plan])
    return plan.taste_since


def to_begin_with(home: Path, name: str, model: str) -> Prior:
    """Return what was liked in a population, for a new one of the same model.

    Raises:
        GenomeError: It is of another model, or nothing was learnt in it.
        ArchiveError: There is no such population, or it is damaged.
    """
    with open_saved(home, name, write=False) as population:
        if population.model != model:
            raise GenomeError(
                f"the taste of '{name}' is of pictures of '{population.model}', not of '{model}': "
                "leave it out, or name a population of that model"
            )
        learning = Learning.from_config(population.config)
        taste = learnt_in(population, Embeddings(population.looks), learning)
        if taste.judged < ENOUGH:
            raise GenomeError(
                f"too little is known of your taste in '{name}': {ENOUGH} judged pictures are "
                f"needed, {taste.judged} are there"
            )
        return taste.as_prior(name)


def learnt_by(search: Search, population: Population) -> Taste:
    """Return what is learnt from the answers that a search knows."""
    return ByTaste(population.looks, learning=Learning.from_config(population.config)).taste(search)


def learnt_in(
    archive: Population | View[Population], embeddings: Embeddings, learning: Learning
) -> Taste:
    """Return what is learnt from all answers in a population, or in a branch of it."""
    births, since = archive.births(), archive.plan().taste_since
    return Taste(embeddings, births, archive.verdicts(), since=since, learning=learning)


def require_taste(search: Search, population: Population) -> None:
    """Refuse to choose by a taste of which nothing is known.

    Raises:
        GenomeError: Nothing is judged whose picture is known.
    """
    taste = learnt_by(search, population)
    if taste.judged:
        return
    if taste.unseen:
        raise GenomeError(
            "nothing can be learnt from the judged pictures, which are not painted or were painted "
            "by an earlier version: breed by ratings, and judge the new ones"
        )
    raise GenomeError("nothing is known of your taste yet: rate a few pictures first")
