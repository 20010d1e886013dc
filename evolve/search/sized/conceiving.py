"""Conceiving: new broods, and their children at any reach."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from evolve.errors import GenomeError
from evolve.genome import Genome
from evolve.genome.noise import Latent, stream
from evolve.search import axes, breeding, operators
from evolve.search.individual import Individual, Made
from evolve.search.operators import LOOK, STEER
from evolve.search.operators.turning import AXES
from evolve.search.plan import Plan
from evolve.search.search import Search
from evolve.search.sized.brood import BESIDE, DRAFTS, MISSED, WAY, Brood, DraftedChild, How

APART = 25.0
"""Degrees by which the other parent is turned for the second and further children on a line, each
its own way; twice as many for a child that is drawn again. Fewer the further the child goes, so
that it still leads to that parent."""
DIGITS = 4
"""Of a reach, which is recorded, and from which the child can be made again."""


_Line = tuple[str | int, ...] | None
"""An operator and two parents."""


def plan_of(brood: Brood) -> Plan:
    """Return a plan of the prompt and settings of a brood."""
    return Plan(prompt=brood.prompt, since=brood.since, settings=brood.settings)


class Conceiving:
    """Makes the children of a brood at any reach."""

    def __init__(self, search: Search, brood: Brood) -> None:
        self._search, self.brood = search, brood
        self._plan = plan_of(brood)
        self._parents: dict[int, Genome] = {}
        self._lines: dict[int, _Line] = {}

    def child(
        self,
        place: int,
        reach: float,
        *,
        way: int = 0,
        drafts: int = 1,
        missed: tuple[float, float] | None = None,
    ) -> Individual:
        """Return the child at a place of the brood that goes as far as `reach` along its own way.

        The reach, 0 to 1, is a share of all that its operator can do. Ways are numbered from 0 and
        each drawn by itself; a turn has only one. Recorded are the number of drafts that were
        painted to find the reach, and reach and distance of the first if it missed.
        """
        brood, planned = self.brood, self.brood.children[place]
        reach = round(reach, DIGITS)
        if brood.how == "breed":
            made = self._bred(place, way, reach)
        else:
            made = self._turned(place, planned, reach)
        noted: dict[str, Any] = {WAY: way} if way else {}
        noted |= {DRAFTS: drafts} if drafts > 1 else {}
        noted |= {} if missed is None else {MISSED: list(missed)}
        made = made._replace(origin=made.origin.plus(noted))
        return made.born(brood.first + place, brood.generation)

    def _bred(self, place: int, way: int, reach: float) -> Made:
        """Return a child of a page.

        On a line between two parents all children of a size would be the same. So the line is
        the first child's, and the other parent is turned a little for further ones.
        """
        made = self._made(place, way, reach, {})
        line = _line_of(made)
        if not self.brood.other_ways or not line:
            return made
        if not way and line not in map(self._line, range(place)):
            return made
        rng = stream(self._search.seed, self.brood.first + place, f"beside{way or ''}")
        apart = round(APART * (2 if way else 1) * (1 - reach), 3)
        other = made.parents[1]
        beside = operators.mutate(rng, self._parent(other), angle=apart)
        made = self._made(place, way, reach, {other: beside})
        return made._replace(origin=made.origin.plus({BESIDE: apart}))

    def _line(self, place: int) -> _Line:
        if place not in self._lines:
            self._lines[place] = _line_of(self._made(place, 0, 1.0, {}))
        return self._lines[place]

    def _made(self, place: int, way: int, reach: float, instead: Mapping[int, Genome]) -> Made:
        id, planned = self.brood.first + place, self.brood.children[place]
        operator = operators.operator_of(planned.operator)
        spec = breeding.ChildSpec.sized(
            operator, size=planned.size, reach=reach, locked=self.brood.locked
        )
        return self._search.child(
            stream(self._search.seed, id, f"breed{way or ''}"),
            spec,
            planned.main,
            self.brood.pool,
            as_parent=lambda i: instead.get(i) or self._parent(i),
            plan=self._plan,
        )

    def _turned(self, place: int, planned: DraftedChild, reach: float) -> Made:
        parent = self._parent(planned.main)
        angle = round(math.copysign(breeding.RIGHT_ANGLE * reach, planned.size), 3)
        record = {"size": abs(planned.size), "reach": reach}
        if self.brood.how == "steer":
            start, end = self.brood.pool
            return self._search.turn(planned.main, parent, (start, end), angle, record)
        rng = stream(self._search.seed, self.brood.first, "look")
        main, along = planned.main, self._along
        (made,) = self._search.ring(main, parent, rng, abs(angle), along, record, only=place)
        return made

    @cached_property
    def _along(self) -> list[Latent]:
        search = self._search
        return axes.along(self.brood.pictures, search.embedding_of, search.genome)

    def _parent(self, individual: int) -> Genome:
        if individual not in self._parents:
            self._parents[individual] = self._search.as_parent(individual, self._plan)
        return self._parents[individual]


def page(
    search: Search, count: int, parents: Sequence[int], size: float, *, by_places: bool
) -> Brood:
    """Return a brood of `count` children, with the parents that `Search.ask` would choose.

    Raises:
        GenomeError: Nothing is judged yet, so that there are no parents.
    """
    pool = search.pool(parents)
    if not pool:
        raise GenomeError("there is nothing to breed from yet: rate a few pictures first")
    dealt = search.deal(count, pool, by_places=by_places, chosen=bool(parents))
    varies = {name: operators.operator_of(name).kind in ("mutate", "cross") for _, name in dealt}
    if by_places:
        search.plan = search.plan.used()
    return _brood(
        search,
        "breed",
        [DraftedChild(name, main, size if varies[name] else 0.0) for main, name in dealt],
        pool,
    )


def ring(search: Search, around: int, size: float) -> Brood:
    """Return a ring of eight around an individual: four directions, and against each."""
    children = [
        DraftedChild(LOOK.name, around, sign * size) for sign in (1, -1) for _ in range(AXES)
    ]
    brood = _brood(search, "look", children, [around])
    pictures = axes.pictures_before(search.births, around, search.embedding_of)
    return replace(brood, pictures=tuple(pictures))


def steps(search: Search, individual: int, start: int, end: int, sizes: Sequence[float]) -> Brood:
    """Return steps of an individual in the direction from `start` to `end`; negative ones back."""
    children = [DraftedChild(STEER.name, individual, size) for size in sizes]
    return _brood(search, "steer", children, [start, end])


def _brood(
    search: Search, how: How, children: Sequence[DraftedChild], pool: Sequence[int]
) -> Brood:
    plan = search.plan
    return Brood(
        how=how,
        first=len(search.births),
        generation=search.next_generation,
        children=tuple(children),
        pool=tuple(pool),
        locked=plan.locked,
        prompt=plan.prompt,
        since=plan.since,
        settings=plan.settings,
        other_ways=search.policy.other_ways,
    )


def _line_of(made: Made) -> _Line:
    """Return the line of a child between its two parents; None for other children."""
    name = made.origin.operator
    is_line = len(made.parents) == 2 and operators.operator_of(name).is_line
    return (name, *made.parents) if is_line else None
