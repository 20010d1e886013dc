"""The interface of strategies: the next bracket of candidates, given all scores so far.

A strategy has no state. Its brackets follow from the seed, the births and their scores, so a search
that was killed goes on to the same individuals.
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
    """Of the sampler. Candidates that start from a picture there or later, or end before, go on
    without a look."""
    share: float
    """Share of the drafts that go on, above 0 and below 1; rounded, and one at least."""

    def keep(self, count: int) -> int:
        """Return how many of `count` drafts go on."""
        return max(1, round(self.share * count))

    def looks_at(self, genome: Genome) -> bool:
        """Return whether a genome is painted before this step and after it."""
        return self.is_between(genome.held_steps, genome.settings.steps)

    def is_between(self, held: int, steps: int) -> bool:
        """Return the same for a picture of `steps` steps, the first of which are held."""
        return held < self.step < steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """What is painted next, and scored as a whole before the next bracket."""

    candidates: Sequence[Made] = ()
    """They become individuals if they are not given up as drafts."""
    cuts: Sequence[Cut] = ()
    """By step."""
    rows: Sequence[Individual | Plan] = ()
    """Instead of candidates: individuals that are born already, and a plan, to be saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may still be spent."""

    pictures: int | None = None
    """Individuals that may still be born; None for no limit."""
    forwards: int | None = None
    """Forwards that may still be spent; None for no limit."""
    total: int | None = None
    """Forwards of the whole run from the first founder on, about; None for no limit."""


@dataclass(frozen=True, kw_only=True)
class Situation:
    """All that a strategy may depend on."""

    search: Search
    """Births, genomes, scores, the plan."""
    ids: Sequence[int]
    """Individuals of the branch that is bred, in order."""
    page: int
    """Individuals that are best painted together."""
    spent: int = 0
    """Forwards so far, as recorded."""
    budget: Budget = field(default_factory=Budget)
    embedding: Callable[[int], Embedding | None] = lambda individual: None

    @property
    def full(self) -> int:
        """Forwards of one full picture."""
        return self.search.template.settings.steps

    @property
    def first(self) -> int:
        """Id of the next individual."""
        return len(self.search.births)

    @cached_property
    def scores(self) -> dict[int, float]:
        """The finite scores of all possible parents."""
        return self.search.verdicts.scores.finite()

    def rng(self, place: int, purpose: str) -> np.random.Generator:
        """Return the random stream of one candidate of the next bracket."""
        purpose = f"{purpose} {place}" if place else purpose
        return stream(self.search.seed, self.first, purpose)


def founders(at: Situation, count: int) -> list[Made]:
    """Return unrelated founders; in the first bracket those of every search of this seed."""
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
    """Return the individuals with a score, the best first; of equals the elder."""
    return sorted(scores, key=lambda i: (-scores[i], i))


def affordable(bracket: Bracket, budget: Budget) -> Bracket | None:
    """Return the first candidates of a bracket, as the budget allows; None for none."""
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
    """Return how many forwards a bracket takes at most, and its number of individuals."""
    genomes = [each.genome for each in candidates]
    kinds, total = Counter((genome.held_steps, genome.settings.steps) for genome in genomes), 0
    for cut in cuts:
        looked = [kind for kind in kinds if cut.is_between(*kind)]
        count = sum(kinds[kind] for kind in looked)
        over = count - cut.keep(count) if count else 0
        for kind in sorted(looked, key=lambda kind: kind[1] - kind[0]):  # at worst the cheapest go
            gone = min(over, kinds[kind])
            kinds[kind] -= gone
            over -= gone
            total += gone * (cut.step - kind[0])
    total += sum((steps - held) * n for (held, steps), n in kinds.items())
    return total, kinds.total()


class Strategy(Protocol):
    """Chooses what to paint next. Its fields are its settings: plain JSON values."""

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
