"""The ways to make a child: which operator, with which parents, how strong.

`Search` decides who the parents are; this module turns parents into one child and writes down how.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evolve.genome import Genome
from evolve.search import operators as op
from evolve.search.individual import Origin

MENU: Mapping[str, float] = {
    "mutate": 0.40,
    "cross_region": 0.15,
    "mutate_region": 0.15,
    "mutate_band": 0.10,
    "cross_slerp": 0.10,
    "found": 0.10,
}
"""Share of each way on a page. Region crossover outweighs slerp, which makes all alike too soon."""

NEEDS_TWO = ("cross_region", "cross_slerp", "cross_band", "cross_blend")

BLENDED = 8
"""Parents of one child at most: between more of them nothing of any one is left."""

SETTINGS_RATE = 0.2
"""Probability that a mutated child also varies its guidance and the weights of its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one child is to be made."""

    way: str
    step: float
    """The generation's step in degrees; recorded, because the next step follows from it."""
    angle: float
    """This child's own angle in degrees."""
    locked: tuple[str, ...]
    strength: float = 1.0
    """Factor on what the way does by itself."""


def plan(count: int, menu: Mapping[str, float], *, parents: int, newcomers: bool) -> list[str]:
    """Return a way for each of `count` children, shares kept as exactly as whole numbers allow.

    Ways that need two parents fall to `mutate` when there is one, newcomers when none are wanted.
    Ways are dealt evenly over the page, so that no parent gets all of one kind.
    """
    usable = {
        way: share
        for way, share in menu.items()
        if not (way in NEEDS_TWO and parents < 2) and not (way == "found" and not newcomers)
    }
    usable["mutate"] = usable.get("mutate", 0.0) + max(0.0, 1.0 - sum(usable.values()))
    dealt: list[str] = []
    credit = dict.fromkeys(usable, 0.0)
    for _ in range(count):
        for way, share in usable.items():
            credit[way] += share
        way = max(credit, key=lambda w: credit[w])
        credit[way] -= 1.0
        dealt.append(way)
    return dealt


def fill(
    slots: Sequence[str], count: int, menu: Mapping[str, float], *, parents: int, newcomers: bool
) -> list[str]:
    """Return a way for each of `count` places, of the kind that the plan wants there."""
    kinds = [slots[place] if place < len(slots) else "auto" for place in range(count)]
    dealt = {
        kind: iter(
            plan(kinds.count(kind), _part(menu, kind), parents=parents, newcomers=newcomers)
            if kind in ("auto", "mutate", "cross")
            else ["keep" if kind == "keep" else "found"] * count
        )
        for kind in set(kinds)
    }
    return [next(dealt[kind]) for kind in kinds]


def _part(menu: Mapping[str, float], kind: str) -> Mapping[str, float]:
    """Return the ways of one kind with shares that sum to 1."""
    if kind == "auto":
        return menu
    part = {way: share for way, share in menu.items() if way.startswith(kind)}
    return {way: share / sum(part.values()) for way, share in part.items()}


def spread(step: float, slot: int, count: int) -> float:
    """Return the angle of one child: a page goes from half a step to two, dealt over the slots.

    A page that shows near and far lets its ratings tell which distance is liked.
    """
    # The golden ratio walks evenly over (0, 1) without putting near and far side by side.
    position = (0.5 + slot * 0.6180339887) % 1.0 if count > 1 else 0.5
    return min(90.0, step * 2 ** (2 * position - 1))


def make_child(
    rng: np.random.Generator,
    recipe: Recipe,
    main: int,
    pool: Sequence[int],
    genome_of: Callable[[int], Genome],
    template: Genome,
) -> tuple[Genome, tuple[int, ...], Origin]:
    """Return the child of `main`, with its parents (main first) and the record of its making."""
    way, angle = recipe.way, recipe.angle
    params: dict[str, Any] = {"step": round(recipe.step, 3)}
    if way == "found":
        return op.found(rng, template), (), Origin("found")
    parent = genome_of(main)
    if way == "keep":
        return parent, (main,), Origin("keep")
    mates = [i for i in pool if i != main]
    if way in NEEDS_TWO:
        mate = mates[int(rng.integers(len(mates)))]
        other = genome_of(mate)
        if len(pool) > 2 and way == "cross_slerp":  # three or more: one point between them all
            some = [main, *rng.permutation(mates)[: BLENDED - 1].tolist()]
            weights = np.sort(rng.dirichlet(np.ones(len(some))))[::-1].round(4).tolist()
            child = _unlocked(op.cross_blend([genome_of(i) for i in some], weights), parent, recipe)
            origin = Origin("cross_blend", {**params, "weights": weights})
            return child, tuple(some), origin
        if way == "cross_slerp":
            share = _share(rng.uniform(0.2, 0.5), recipe)
            child, params = op.cross_slerp(parent, other, share=share), {**params, "share": share}
        elif way == "cross_region":
            share = _share(rng.uniform(0.25, 0.5), recipe)
            child = op.cross_region(rng, parent, other, share=share)
            params["share"] = share
        else:
            child = op.cross_band(parent, other)
        return _unlocked(child, parent, recipe), (main, mate), Origin(way, params)

    angle = min(90.0, angle * recipe.strength)
    if way == "mutate_region":
        angle = min(90.0, 2 * angle)  # a third of the picture: twice the angle looks as far
        child = op.mutate_region(rng, parent, angle=angle)
    elif way == "mutate_band":
        low = bool(rng.random() < 0.5)
        angle = min(90.0, angle * (2.0 if low else 1.0))
        child = op.mutate_band(rng, parent, angle=angle, low=low)
        params["low"] = low
    else:
        child = op.mutate(rng, parent, angle=angle)
    child = _unlocked(child, parent, recipe)
    if child.noise is parent.noise:
        way = "mutate_settings"
    else:
        params["angle"] = round(angle, 3)
    # Where the noise is locked, the rest is all that can vary.
    if (rng.random() < SETTINGS_RATE or child.noise is parent.noise) and recipe.step > 0:
        strength = math.sqrt(min(1.0, recipe.step / 35.0))
        child = op.mutate_settings(rng, child, strength=strength, locked=recipe.locked)
        if "weights" not in recipe.locked:
            child = op.mutate_weights(rng, child)
    return child, (main,), Origin(way, params)


def _share(share: float, recipe: Recipe) -> float:
    return round(min(0.9, float(share) * recipe.strength), 3)


def _unlocked(child: Genome, parent: Genome, recipe: Recipe) -> Genome:
    """Return the child with those genes of its main parent that are locked as a whole.

    An edit goes with its noise: outside the mask that is its base's.
    """
    if "noise" not in recipe.locked:
        return child
    return replace(child, noise=parent.noise, edit=parent.edit)
