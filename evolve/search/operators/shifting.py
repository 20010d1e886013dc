"""Inheritance of variety, the shift of the encoded prompt: it is turned and mixed like the noise.

Operators need not care for it: it follows from the parameters that they record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evolve.genome import Genome, noise
from evolve.genome.variety import Variety, blended, combined
from evolve.plain_numbers import is_number


def inherited(
    rng: np.random.Generator, parents: Sequence[Genome], params: Mapping[str, Any], angle: float
) -> Variety | None:
    """Return the variety of a child of parents of which not all need have one.

    That of one parent turns by `angle` degrees; that of several is mixed by the recorded `weights`
    of all, or the `share` of the second.
    """
    if len(parents) == 1 and (own := parents[0].variety) is not None:
        return own.turned(Variety.drawn(rng), angle)
    share, shares = params.get("share"), params.get("weights")
    if not isinstance(shares, list) or not shares or not all(map(is_number, shares)):
        # An operator of another package may record something else by that name.
        other = share if is_number(share, 0, 1) else 0.0
        shares = [1 - other, other]
    return mixed(parents, shares)


def mixed(parents: Sequence[Genome], shares: Sequence[float]) -> Variety | None:
    """Return the mixture of the parents' variety, by share; None if none of them has any."""
    pairs = zip((parent.variety for parent in parents), shares, strict=False)
    known = [(variety, share) for variety, share in pairs if variety is not None]
    return blended(*zip(*known, strict=True)) if known else None


def headed(parent: Genome, start: Genome, end: Genome, angle: float) -> Variety | None:
    """Return the variety of `parent`, turned by `angle` degrees in the direction of two others."""
    found = [genome.variety for genome in (parent, start, end)]
    present = [one for one in found if one is not None]
    if len(present) < len(found):
        return parent.variety
    try:
        return combined(present, lambda v: noise.rotate(v[0], noise.heading(*v), np.radians(angle)))
    except ValueError:  # there is no such direction
        return parent.variety
