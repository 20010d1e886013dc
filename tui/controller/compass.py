"""Directions: a ring of steps around a picture, and steps on from it or back."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from evolve.errors import FancierError
from evolve.genome import Genome, noise
from evolve.search.operators import LOOK, is_whole
from tui.controller.cards import Card
from tui.controller.pages import Pages

if TYPE_CHECKING:
    from tui.controller.population_controller import PopulationController

ROSE = (7, 0, 1, 6, None, 2, 5, 4, 3)
"""Place in the ring by place in a square of three by three; None is the middle.

The first of the ring is above and the others follow clockwise, so that opposites face each other.
"""
SIDE = 3
STEPS = 6
"""Steps made at once in a direction."""
ANGLE = 30.0
"""Degrees of two steps where a picture is not turned away from its parent."""

NO_DIRECTION = "it has no parent, so no direction to follow: d looks around it"


def ring(pages: Pages, centre: int) -> Sequence[int]:
    """Return the latest ring around an individual; empty if there is none."""
    origins = ((id, pages.cards[id].birth.origin) for id in pages.children(centre))
    return [id for id, origin in origins if origin.operator == LOOK.name][-8:]


def square(centre: int, ring: Sequence[int]) -> list[int | None]:
    """Return the individuals in the places of the square; None where there is none yet."""
    return [
        centre if place is None else ring[place] if place < len(ring) else None for place in ROSE
    ]


def direction(card: Card) -> tuple[int, int] | None:
    """Return main parent and picture as a direction; None for a founder."""
    return (card.birth.parents[0], card.id) if card.birth.parents else None


def turn(card: Card, genome: Genome, parent: Genome) -> float:
    """Return by how many degrees a picture is turned away from its parent as a whole.

    One that differs in a part only was turned there by the angle of its record, which is more.
    """
    origin = card.birth.origin
    masked = genome.edit is not None and genome.edit.mask is not None
    if is_whole(origin.operator) and "angle" in origin.params and not masked:
        return abs(float(origin.params["angle"])) or ANGLE
    return round(math.degrees(noise.angle(parent.noise, genome.noise)), 1) or ANGLE


def steps(angle: float, sign: int) -> list[float]:
    """Return the angles of steps further in a direction (1), or the other way (-1).

    Args:
        angle: Degrees of two steps.
        sign: 1 or -1.
    """
    return [sign * min(90.0, round(angle * step / 2, 3)) for step in range(1, STEPS + 1)]


def sizes(size: float, sign: int) -> list[float]:
    """Return the sizes of steps further in a direction (1), or the other way (-1).

    Args:
        size: Distance of two steps in the picture.
        sign: 1 or -1.
    """
    return [sign * round(min(1.0, size * step / 2), 4) for step in range(1, STEPS + 1)]


def both_ways(steps: Callable[[int], list[float]]) -> list[float]:
    """Return steps both ways, for a picture that is not at either end of the direction."""
    half = STEPS // 2
    return [*reversed(steps(-1)[:half]), *steps(1)[:half]]


def further(controller: PopulationController, sign: int) -> None:
    """Make steps on in the direction of the picture under the cursor, or the other way (-1)."""
    card = controller.pages.current
    lead = None if card is None else direction(card)
    if card is None or lead is None:
        controller.notify(NO_DIRECTION)
        return
    start, end = lead
    origin = end if sign > 0 else start
    if (size := controller.plan.size) is not None:
        asked = sizes(size, sign)
        controller.ask(lambda breeder: breeder.walk(origin, start=start, end=end, sizes=asked))
        return
    try:
        angles = steps(turn(card, controller.genome(end), controller.genome(start)), sign)
    except FancierError as error:
        controller.notify(str(error))
        return
    controller.ask(lambda breeder: breeder.steer(origin, start=start, end=end, angles=angles))


def turn_to(controller: PopulationController, id: int, name: str) -> None:
    """Make steps of an individual in a remembered direction, both ways."""
    start, end = controller.plan.directions[name]
    if (size := controller.plan.size) is None:
        angles = both_ways(partial(steps, ANGLE))
        controller.ask(lambda breeder: breeder.steer(id, start=start, end=end, angles=angles))
    else:
        asked = both_ways(partial(sizes, size))
        controller.ask(lambda breeder: breeder.walk(id, start=start, end=end, sizes=asked))


def remember(controller: PopulationController, lead: tuple[int, int], name: str) -> bool:
    """Remember a direction by a name; return whether it is remembered."""
    known = {**controller.plan.directions, name: lead}
    return controller.replan(replace(controller.plan, directions=known))
