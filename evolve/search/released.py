"""Children of an edited picture: they vary all of it again, from the finished picture.

An edit holds everything outside its mask, for the one picture that it makes. Its children start
from that picture as a whole. How far back to noise they start follows from their step: after a
small step the child is near, and what was added stays. Their own children start from the same
picture, at least as far back.
"""

from __future__ import annotations

import math
from dataclasses import replace

from evolve.genome import Genome
from evolve.genome.edit import Base, Edit
from evolve.genome.noise import angle as angle_between
from evolve.genome.settings import GENES
from evolve.plain_numbers import is_number
from evolve.search.individual import Birth, Made
from evolve.search.operators import operators
from evolve.search.step_size import START

OWN = "own_guidance"
"""In the record of an edit that was painted with more guidance: the scale of its children."""
UNSETTLED = 1.0
"""Depth of a child until its own is known; nothing would be left of the base."""
LEAST, MOST = 0.05, 0.99
"""Range of the depths of children."""
SAME = 0.5
"""Degrees up to which two noises count as one; rounding turns them a little."""


def depth_of(angle: float) -> float:
    """Return how far back to noise a child starts that is turned by `angle` degrees, 0 to 90.

    The cube root of sin(angle), the share of fresh noise in the turned one. What starts from a
    picture stays nearer to it than what starts from noise alone: only so deep is a child about as
    far from its parent as one of the same angle without a base (`benchmarks.edit`).
    """
    share = math.sin(math.radians(min(90.0, abs(angle))))
    return min(MOST, max(LEAST, round(math.cbrt(share), 3)))


def is_held(genome: Genome) -> bool:
    """Return whether a picture differs from another one inside a mask only."""
    return genome.edit is not None and genome.edit.mask is not None


def with_own_guidance(genome: Genome, birth: Birth) -> Genome:
    """Return a genome with the guidance that it has apart from an edit."""
    own, gene = birth.origin.params.get(OWN), GENES["guidance_scale"]
    if not is_number(own, gene.low, gene.high):
        return genome  # there is no other, or a stranger wrote it
    return replace(genome, settings=replace(genome.settings, guidance_scale=float(own)))


def was_released(birth: Birth) -> bool:
    """Return whether an individual is a child of a released parent, or of the child of one."""
    operator = operators().get(birth.origin.operator)  # none for pictures from elsewhere
    if operator is None or "depth" not in birth.origin.params:
        return False
    return operator.kind != "asked" or operator.is_whole


def released(genome: Genome, base: Base) -> Genome:
    """Return an edited genome as a parent, free everywhere, that starts from `base`."""
    return replace(genome, edit=Edit(base, UNSETTLED))


def settled(made: Made, parent: Genome) -> Made:
    """Return the child of a released parent, or of the child of one, with its depth.

    An operator made it with the edit of `parent`, as it was inherited; where the noise is the same,
    its record says how far it was to go.
    """
    child, params = made.genome, made.origin.params
    assert child.edit is not None
    assert parent.edit is not None
    turned = math.degrees(angle_between(child.noise, parent.noise))
    meant = float(params.get("angle") or params.get("step") or START)
    depth = depth_of(turned if turned > SAME else meant)
    if parent.edit.depth != UNSETTLED:
        depth = max(depth, parent.edit.depth)
    genome = replace(child, edit=Edit(child.edit.base, depth))
    return made._replace(genome=genome, origin=made.origin.plus({"depth": depth}))
