"""What a strategy is: asked for the next bracket of candidates, given all scores so far.

A strategy keeps nothing in memory. What it asks for follows from the seed, the births and their
scores, so a search that was killed goes on to the same individuals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np

from evolve.genome import Genome
from evolve.genome.noise import stream
from evolve.scoring.looks.embedding import Embedding
from evolve.search import Search
from evolve.search.individual import Individual, Made, Origin
from evolve.search.operators import FOUND, found
from evolve.search.plan import Plan


@dataclass(frozen=True, slots=True)
class Cut:
    """A look at drafts: after a step the best of them go on and all others are given up."""

    step: int
    """Of the sampler. Candidates that start from a picture there or later, or end before, are not
    looked at and go on."""
    share: float
    """Of those looked at, above 0 and below 1, that go on; rounded, and one at least."""

    def keep(self, count: int) -> int:
        """Return how many of so many drafts go on."""
        return max(1, round(self.share * count))

    def looks_at(self, genome: Genome) -> bool:
        """Return whether there is a draft of a genome at this step that says something."""
        return self._is_between(genome.held_steps, genome.settings.steps)

    def _is_between(self, held: int, steps: int) -> bool:
        """Return whether that is so of one with so many steps, of which the first are held."""
        return held < self.step < steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """What is painted next, and judged as a whole before anything else is asked for."""

    candidates: Sequence[Made] = ()
    """They become individuals if they are not given up as drafts."""
    cuts: Sequence[Cut] = ()
    """By step."""
    rows: Sequence[Individual | Plan] = ()
    """Instead of candidates: what is born already, to be saved as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may still be spent."""

    pictures: int | None = None
    """Individuals that may still be born; None for no such limit."""
    forwards: int | None = None
    """Forwards that may still be spent; None for no such limit."""
    total: int | None = None
    """Forwards of the whole run from the first founder on, about; None if it has no limit."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a strategy knows."""

    search: Search
    """Births, genomes, scores, the plan."""
    ids: Sequence[int]
    """Who belongs to what is bred, in order."""
    page: int
    """Individuals that are painted together at best."""
    spent: int = 0
    """Forwards so far, as recorded."""
    budget: Budget = field(default_factory=Budget)
    embedding: Callable[[int], Embedding | None] = lambda individual: None

    @property
    def full(self) -> int:
        """Forwards of one full picture: a founder of half the steps takes half."""
        return self.search.template.settings.steps

    @property
    def first(self) -> int:
        """Id of the next individual."""
        return len(self.search.births)

    @cached_property
    def scores(self) -> dict[int, float]:
        """The score of everyone who may become a parent; finite."""
        return self.search.verdicts.scores.finite()

    def rng(self, place: int, purpose: str) -> np.random.Generator:
        """Return the random stream of one candidate of the next bracket."""
        purpose = f"{purpose} {place}" if place else purpose
        return stream(self.search.seed, self.first, purpose)


def founders(at: Situation, count: int) -> list[Made]:
    """Return unrelated founders; in the first bracket those of any search of that seed."""
    late = f" {at.search.next_generation}" if at.first else ""
    template = at.search.template
    return [
        Made(
            found(stream(at.search.seed, at.first + k, f"found{late}"), template),
            Origin(FOUND.name),
        )
        for k in range(count)
    ]


def ranked(scores: Mapping[int, float]) -> list[int]:
    """Return who has a score, the best first; of equals the elder."""
    return sorted(scores, key=lambda i: (-scores[i], i))


def best(at: Situation, count: int) -> list[int]:
    """Return the ids of the best scores, the best first; of equals the elder."""
    return ranked(at.scores)[:count]


def affordable(bracket: Bracket, budget: Budget) -> Bracket | None:
    """Return as much of a bracket as the budget allows, the first candidates; None for nothing."""
    if bracket.rows:
        return bracket
    chosen = list(bracket.candidates)
    while chosen:
        forwards, born = expected(chosen, bracket.cuts)
        if (budget.forwards is None or forwards <= budget.forwards) and (
            budget.pictures is None or born <= budget.pictures
        ):
            return Bracket(candidates=chosen, cuts=bracket.cuts)
        chosen.pop()
    return None


def expected(candidates: Sequence[Made], cuts: Sequence[Cut]) -> tuple[int, int]:
    """Return how many forwards a bracket takes at most, and how many individuals come of it."""
    genomes = [each.genome for each in candidates]
    kinds, total = Counter((genome.held_steps, genome.settings.steps) for genome in genomes), 0
    for cut in cuts:
        looked = [kind for kind in kinds if cut._is_between(*kind)]
        count = sum(kinds[kind] for kind in looked)
        over = count - cut.keep(count) if count else 0
        for kind in sorted(looked, key=lambda kind: kind[1] - kind[0]):  # the cheapest go, at worst
            gone = min(over, kinds[kind])
            kinds[kind] -= gone
            over -= gone
            total += gone * (cut.step - kind[0])
    total += sum((steps - held) * n for (held, steps), n in kinds.items())
    return total, kinds.total()


class Strategy(Protocol):
    """Decides what to paint next. Its fields are its settings: plain JSON values."""

    name: ClassVar[str]

    def ask(self, at: Situation) -> Bracket:
        """Return the next bracket; an empty one ends the run."""


def settings_of(strategy: Strategy) -> dict[str, Any]:
    """Return name and settings of a strategy as plain JSON values."""
    fields: Mapping[str, Any] = getattr(strategy, "__dataclass_fields__", {})
    values = {name: getattr(strategy, name) for name in fields}
    return {
        "name": strategy.name,
        **{name: list(v) if isinstance(v, tuple) else v for name, v in values.items()},
    }
