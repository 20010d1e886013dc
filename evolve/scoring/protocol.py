"""What a scorer is: pictures in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.session.archive import Picture


class Scorer(Protocol):
    """Gives each picture a number; higher is better."""

    @property
    def name(self) -> str:
        """Name under which scores are saved; says all that decides them."""

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return one score per picture, (n,). A picture's score must not depend on the others."""
