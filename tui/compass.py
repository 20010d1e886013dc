"""Directions: a ring of steps around a picture, and steps on from it or back."""

from __future__ import annotations

from collections.abc import Sequence

from tui.board import Board
from tui.cards import Card

ROSE = (7, 0, 1, 6, None, 2, 5, 4, 3)
"""Place in the ring by place in a square of three by three; None is the middle.

The first of the ring is above and the others follow clockwise, so that opposites face each other.
"""
SIDE = 3
STEPS = 6
"""Steps made at once in a direction."""
ANGLE = 30.0
"""Degrees of a step where the picture does not say by how much it was turned."""


def ring(board: Board, centre: int) -> Sequence[int]:
    """Return the latest ring around an individual; empty if nobody has looked around there."""
    looks = [id for id in board.children(centre) if board.cards[id].birth.origin.operator == "look"]
    return looks[-8:]


def square(centre: int, ring: Sequence[int]) -> list[int | None]:
    """Return who stands where in the square; None where there is nobody yet."""
    return [
        centre if place is None else ring[place] if place < len(ring) else None for place in ROSE
    ]


def direction(card: Card) -> tuple[int, int] | None:
    """Return the direction in which a picture lies from its main parent; None for a founder."""
    return (card.birth.parents[0], card.id) if card.birth.parents else None


def steps(card: Card, sign: int) -> list[float]:
    """Return the angles of steps further in a picture's direction (1), or the other way (-1)."""
    angle = abs(float(card.birth.origin.params.get("angle", ANGLE))) or ANGLE
    return [sign * min(90.0, round(angle * step / 2, 3)) for step in range(1, STEPS + 1)]


def both_ways(angle: float = ANGLE) -> list[float]:
    """Return the angles of steps in a direction and against it, for another picture."""
    half = STEPS // 2
    return [angle * step / 2 for step in range(-half, half + 1) if step]
