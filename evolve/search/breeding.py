"""Breeding one page: which operator makes each child, of which parents, how strongly.

`Search` chooses the parents; this module turns them into one child and records how.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt
from evolve.search.individual import Made, Origin
from evolve.search.operators import (
    FOUND,
    KEEP,
    MUTATE,
    MUTATE_SETTINGS,
    Operator,
    Strength,
    mutate_settings,
    mutate_weights,
    operator_of,
)
from evolve.search.operators.calling import call
from evolve.search.operators.shifting import inherited
from evolve.search.operators.word_weights import SCALE

RIGHT_ANGLE = 90.0
"""Degrees: the noise is unrelated then."""

STRENGTHS = (0.1, 4.0)
"""Range of the factor on an operator's strength."""

SETTINGS_RATE = 0.2
"""Probability that a mutated child also varies its guidance and the weights of its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """How one child is to be made."""

    operator: Operator
    step: float
    """The generation's step in degrees; recorded, because the next step follows from it."""
    angle: float
    """This child's own angle in degrees."""
    locked: tuple[str, ...] = ()
    factor: float = 1.0
    """The strength of the operator that a person set."""
    size: float | None = None
    """The size that is asked for; None where the step counts."""
    reach: float | None = None
    """With a size: how far this child goes along its own way, above 0 up to 1."""

    @classmethod
    def sized(
        cls, operator: Operator, *, size: float, reach: float, locked: tuple[str, ...] = ()
    ) -> ChildSpec:
        """Return how to make a child that goes as far as `reach` towards a size."""
        angle = RIGHT_ANGLE * reach
        return cls(
            operator=operator,
            step=angle,
            angle=angle,
            locked=locked,
            factor=STRENGTHS[1] * reach,
            size=size,
            reach=reach,
        )

    @property
    def strength(self) -> Strength:
        """The strength that the operator is called with."""
        factor = 1.0 if self.reach is not None else self.factor
        return Strength(min(RIGHT_ANGLE, self.angle * factor), self.factor, self.reach)

    @property
    def variation(self) -> float:
        """How strongly settings vary beside the noise."""
        return math.sqrt(min(1.0, self.step / 35.0))


def deal(count: int, menu: Mapping[str, float], *, parents: int, newcomers: bool) -> list[str]:
    """Return an operator for each of `count` children, in shares as exact as whole numbers allow.

    The share of an operator that needs more parents than there are goes to `mutate`, and that of
    newcomers where none are wanted. Operators are dealt evenly over the page, so that no parent
    gets all of one kind.
    """
    usable = {
        name: share
        for name, share in menu.items()
        if (known := operator_of(name)).parents <= parents and (newcomers or known.kind != "new")
    }
    if (total := sum(usable.values())) > 1 + 1e-9:  # with operators of other packages
        usable = {name: share / total for name, share in usable.items()}
    usable[MUTATE.name] = usable.get(MUTATE.name, 0.0) + max(0.0, 1.0 - sum(usable.values()))
    dealt: list[str] = []
    credit = dict.fromkeys(usable, 0.0)
    for _ in range(count):
        for name, share in usable.items():
            credit[name] += share
        most = max(credit, key=lambda name: credit[name])
        credit[most] -= 1.0
        dealt.append(most)
    return dealt


def fill(
    slots: Sequence[str], count: int, menu: Mapping[str, float], *, parents: int, newcomers: bool
) -> list[str]:
    """Return an operator for each of `count` places, of the kind that is planned there."""
    kinds = [slots[place] if place < len(slots) else "auto" for place in range(count)]
    dealt = {
        kind: iter(
            deal(
                kinds.count(kind),
                menu if kind == "auto" else _part(menu, kind),
                parents=parents,
                newcomers=newcomers or kind == "new",
            )
        )
        for kind in set(kinds)
    }
    return [next(dealt[kind]) for kind in kinds]


def _part(menu: Mapping[str, float], kind: str) -> Mapping[str, float]:
    """Return the operators of one kind with shares that sum to 1."""
    part = {name: share for name, share in menu.items() if operator_of(name).kind == kind and share}
    if not part:  # not on this menu, but a person wants it
        part = {{"keep": KEEP, "new": FOUND}.get(kind, MUTATE).name: 1.0}
    return {name: share / sum(part.values()) for name, share in part.items()}


def require_angle(angle: float) -> None:
    """Refuse an angle that is out of range.

    Raises:
        GenomeError: It is not between 0 and 90 degrees.
    """
    if not 0 <= angle <= RIGHT_ANGLE:
        raise GenomeError(f"a step of {angle:g} degrees is not between 0 and 90")


def spread(step: float, slot: int, count: int) -> float:
    """Return the angle of one child: a page goes from half a step to two, dealt over the slots.

    On a page of near and far children the ratings show which distance is liked.
    """
    # The golden ratio walks evenly over (0, 1) without putting near and far side by side.
    position = (0.5 + slot * 0.6180339887) % 1.0 if count > 1 else 0.5
    return min(RIGHT_ANGLE, step * 2 ** (2 * position - 1))


def make_child(
    rng: np.random.Generator,
    spec: ChildSpec,
    main: int,
    pool: Sequence[int],
    genome_of: Callable[[int], Genome],
    template: Genome,
) -> Made:
    """Return the child of `main`."""
    operator, used = _with_parents(rng, spec.operator, main, pool)
    parents = [genome_of(i) for i in used] or [template]
    # The one that is made of many parents is registered under the name of the other.
    child, params = call(operator, rng, parents, spec.strength, name=spec.operator.name)
    if operator.kind not in ("mutate", "cross"):
        return Made(child, Origin(operator.name, params), used)
    if spec.size is None:
        params = {"step": round(spec.step, 3), **params}
    else:
        params = {"size": spec.size, "reach": spec.reach, **params}
    moved = child.noise is not parents[0].noise
    if child.variety is not None and moved and "variety" not in spec.locked:
        child = replace(child, variety=inherited(rng, parents, params, spec.strength.angle))
    if "noise" in spec.locked:  # an edit goes with its noise: outside the mask that is its base's
        child = replace(child, noise=parents[0].noise, edit=parents[0].edit)
    if operator.kind == "mutate":
        return Made(*_varied(rng, child, parents[0], spec, params, template.prompt), used)
    return Made(child, Origin(operator.name, params), used)


def _with_parents(
    rng: np.random.Generator, operator: Operator, main: int, pool: Sequence[int]
) -> tuple[Operator, tuple[int, ...]]:
    """Return the operator that makes the child of `main`, and the parents that it takes."""
    if operator.parents < 2:
        return operator, (main,) * operator.parents
    mates = [i for i in pool if i != main]
    one = mates[int(rng.integers(len(mates)))]  # drawn in any case: all later draws follow it
    if operator.of_many and len(mates) > 1:
        operator = operator.of_many
    most = max(operator.parents, operator.most_parents)
    if most == 2:
        return operator, (main, one)
    return operator, (main, *rng.permutation(mates)[: most - 1].tolist())


def _varied(
    rng: np.random.Generator,
    child: Genome,
    parent: Genome,
    spec: ChildSpec,
    params: dict[str, Any],
    asked: Prompt,
) -> tuple[Genome, Origin]:
    """Now and then vary settings and weights too, and record what the mutation changed."""
    name, same_noise = spec.operator.name, child.noise is parent.noise
    if same_noise:
        params.pop("angle", None)
        if (child.prompt, child.settings) == (parent.prompt, parent.settings):
            name = MUTATE_SETTINGS.name
    # Where the noise is locked, the rest is all that can vary.
    if (rng.random() < SETTINGS_RATE or name == MUTATE_SETTINGS.name) and spec.step > 0:
        alone = name == MUTATE_SETTINGS.name and spec.reach is not None
        strength = spec.factor if alone else spec.variation
        child = mutate_settings(rng, child, strength=strength, locked=spec.locked)
        if "weights" not in spec.locked:
            scale = SCALE * (strength if spec.reach is not None else 1.0)
            child = mutate_weights(rng, child, scale=scale, asked=asked)
    return child, Origin(name, params)
