"""What a strategy is: asked for the next bracket of candidates, given all scores so far.

A strategy keeps nothing in memory. What it asks for follows from the seed, the births and their
scores, so a search that was killed goes on to the same individuals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

import numpy as np

from evolve.genome import Genome
from evolve.genome.noise import stream
from evolve.scoring.embedding import Embedding
from evolve.search import Search
from evolve.search.individual import Individual, Origin
from evolve.search.operators import FOUND, found
from evolve.search.plan import Plan
from evolve.strategies.cost import steps_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A genome that becomes an individual if it is not given up as a draft."""

    genome: Genome
    origin: Origin
    parents: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """A look at drafts: after so many steps, the best go on and all others are given up."""

    step: int
    """Of each candidate; one that takes no more forwards than that is not looked at."""
    keep: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bracket:
    """What is painted next, and judged as a whole before anything else is asked for."""

    candidates: Sequence[Candidate] = ()
    cuts: Sequence[Cut] = ()
    """By step, each keeping fewer than the one before."""
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
    """Forwards of the whole run from the first founder on, about; None if nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
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
        return self.search.founding.settings.steps

    @property
    def first(self) -> int:
        """Id of the next individual."""
        return len(self.search.births)

    @property
    def scores(self) -> dict[int, float]:
        """The score of everyone who may become a parent; finite."""
        known = self.search.verdicts.scores.to_dict()
        return {i: s for i, s in known.items() if np.isfinite(s)}

    def rng(self, place: int, purpose: str) -> np.random.Generator:
        """Return the random stream of one candidate of the next bracket."""
        purpose = f"{purpose} {place}" if place else purpose
        return stream(self.search.seed, self.first, purpose)


def founders(at: Situation, count: int) -> list[Candidate]:
    """Return unrelated founders; in the first bracket those of any search of that seed."""
    late = f" {at.search.next_generation}" if at.first else ""
    template = at.search.template
    return [
        Candidate(
            found(stream(at.search.seed, at.first + k, f"found{late}"), template),
            Origin(FOUND.name),
        )
        for k in range(count)
    ]


def best(at: Situation, count: int) -> list[int]:
    """Return the ids of the best scores, the best first; of equals the elder."""
    scores = at.scores
    return sorted(scores, key=lambda i: (-scores[i], i))[:count]


def affordable(bracket: Bracket, budget: Budget) -> Bracket | None:
    """Return as much of a bracket as the budget allows, the first candidates; None for nothing."""
    if bracket.rows:
        return bracket
    chosen = list(bracket.candidates)
    while chosen and budget.forwards is not None:
        if forwards_of(chosen, bracket.cuts) <= budget.forwards:
            break
        chosen.pop()
    if budget.pictures is not None:
        if not bracket.cuts:
            chosen = chosen[: budget.pictures]
        elif bracket.cuts[-1].keep > budget.pictures:
            share = budget.pictures / bracket.cuts[-1].keep
            cuts = [Cut(cut.step, max(1, round(cut.keep * share))) for cut in bracket.cuts]
            cuts[-1] = Cut(cuts[-1].step, budget.pictures)
            most = max(budget.pictures, round(len(chosen) * share))
            return Bracket(candidates=chosen[:most], cuts=cuts) if budget.pictures else None
    return Bracket(candidates=chosen, cuts=bracket.cuts) if chosen else None


def forwards_of(candidates: Sequence[Candidate], cuts: Sequence[Cut]) -> int:
    """Return the forwards of a bracket, if those that take the most are the ones kept."""
    left = sorted((steps_of(each.genome) for each in candidates), reverse=True)
    total = done = 0
    for cut in cuts:
        total += sum(min(steps, cut.step) - min(steps, done) for steps in left)
        left, done = left[: cut.keep], cut.step
    return total + sum(max(0, steps - done) for steps in left)


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
