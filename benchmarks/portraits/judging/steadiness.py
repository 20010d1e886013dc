"""How steadily a judge reads: what it says of pictures that are hardly moved."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.portraits.judging.experts import Experts
from evolve.models.portraits.training.faces.attributes import CLASSES

MOVES = ((2, 0), (-2, 0), (0, 2), (0, -2))
"""Down and right, in pixels: how a picture is moved to see what is read of it by chance."""


def steadiness(
    judge: Experts, pictures: npt.NDArray[np.uint8], seen: Sequence[dict[str, str]]
) -> dict[str, float]:
    """How often a picture moved by two pixels is read as before, for what can be seen."""
    first = judge.read(pictures)
    again = [judge.read(np.roll(pictures, move, (1, 2))) for move in MOVES]
    same: dict[str, list[bool]] = {}
    for k, known in enumerate(seen):
        for attribute in known:
            same.setdefault(attribute, []).extend(
                moved[k][attribute] == first[k][attribute] for moved in again
            )
    return {
        attribute: float(np.mean(same[attribute])) for attribute in CLASSES if attribute in same
    }
