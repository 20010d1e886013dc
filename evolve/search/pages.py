"""A page of a search: founders, or children of a pool of parents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import cycle
from typing import Any

import numpy as np

from evolve.genome import Genome
from evolve.genome.noise import Latent, stream
from evolve.search import breeding, operators, selection
from evolve.search.family import Family
from evolve.search.individual import Made, Origin
from evolve.search.operators import ANTITHETIC, FOUND, LOOK, STEER
from evolve.search.operators.turning import AXES
from evolve.search.policy import Policy
from evolve.search.step_size import next_step


class Pages(Family):
    """Individuals from which pages are bred."""

    seed: int
    policy: Policy

    @property
    def step(self) -> float:
        """The step of the next page in degrees: as planned, or adapted to what was judged."""
        return self.plan.step or next_step(self.births, self.verdicts, self._is_masked)

    @property
    def menu(self) -> Mapping[str, float]:
        """The share of each operator of a page."""
        return operators.default_menu() if self.policy.menu is None else self.policy.menu

    def deal(
        self, count: int, pool: Sequence[int], *, by_places: bool, chosen: bool
    ) -> list[tuple[int, str]]:
        """Return the main parent and the operator of each child of a page.

        The best of the pool comes first. Parents that a person has chosen have equal shares, and
        there are newcomers only where they are planned. With `by_places` each place holds what is
        planned for it.
        """
        slots = self.plan.slots if by_places else ()
        equal = [count // len(pool) + (k < count % len(pool)) for k in range(len(pool))]
        counts = equal if chosen else selection.shares(count, len(pool))
        mains = [parent for parent, n in zip(pool, counts, strict=True) for _ in range(n)]
        names = breeding.fill(slots, count, self.menu, parents=len(pool), newcomers=not chosen)
        kept = cycle(pool)
        return [
            # Each parent is kept once, the best first.
            (next(kept) if operators.operator_of(name).kind == "keep" else main, name)
            for main, name in zip(mains, names, strict=True)
        ]

    def ring(
        self,
        around: int,
        parent: Genome,
        rng: np.random.Generator,
        angle: float,
        along: Sequence[Latent],
        record: Mapping[str, Any] | None = None,
        *,
        only: int | None = None,
    ) -> list[Made]:
        """Make a ring of eight around an individual: four directions, and against each.

        `parent` is its genome as children inherit it. The first directions lead along given noise;
        `only` is the place of the only child that is wanted, from 0.
        """
        made = []
        for k, genome in enumerate(operators.look(rng, parent, angle=angle, along=along)):
            if only in (None, k):
                axis, signed = k % AXES, angle if k < AXES else -angle
                params = {"axis": axis, **(record or {}), "angle": signed}
                params |= {"along": axis + 1} if axis < len(along) else {}
                child = Made(genome, Origin(LOOK.name, params), (around,))
                made.append(self.settled(child, around, parent))
        return made

    def turn(
        self,
        individual: int,
        parent: Genome,
        pair: tuple[int, int],
        angle: float,
        record: Mapping[str, Any] | None = None,
    ) -> Made:
        """Turn an individual by degrees in the direction from one to another.

        `parent` is its genome as children inherit it.
        """
        start, end = pair
        turned = operators.steer(parent, self.genome(start), self.genome(end), angle=angle)
        params = {"from": start, "to": end, **(record or {}), "angle": round(angle, 3)}
        made = Made(turned, Origin(STEER.name, params), (individual,))
        return self.settled(made, individual, parent)

    def _founders(self, count: int) -> Iterator[Made]:
        """Make founders; by policy every second one is the opposite of the one before."""
        first, genome = len(self.births), self.template
        for i in range(first, first + count):
            if self.policy.antithetic and (i - first) % 2:
                genome = operators.antithetic(genome)
                yield Made(genome, Origin(ANTITHETIC.name, {"of": i - 1}))
            else:
                genome = operators.found(stream(self.seed, i, "found"), self.template)
                yield Made(genome, Origin(FOUND.name))

    def _children(
        self, dealt: Sequence[tuple[int, str]], pool: Sequence[int], strength: float | None
    ) -> Iterator[Made]:
        """Make the children of a page, by main parent and operator of each.

        The strength is a step in degrees; None for that of the search, spread over the page.
        """
        step = self.step if strength is None else strength
        first, as_parent = len(self.births), cache(self.as_parent)
        for slot, (main, name) in enumerate(dealt):
            angle = breeding.spread(step, slot, len(dealt)) if strength is None else strength
            rng, spec = stream(self.seed, first + slot, "breed"), self.spec(name, angle, step)
            yield self.child(rng, spec, main, pool, as_parent=as_parent)
