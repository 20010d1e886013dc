"""The interface of scorers: pictures in, numbers out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.session.archive import Picture


@runtime_checkable
class Scorer(Protocol):
    """Gives each picture a number; higher is better."""

    @property
    def name(self) -> str:
        """Name by which scores are saved; it names all that decides them."""

    def score(self, pictures: Sequence[Picture], genomes: Sequence[Genome]) -> NDArray[np.float64]:
        """Return one score per picture, (n,). A picture's score must not depend on the others."""


@runtime_checkable
class Repeatable(Scorer, Protocol):
    """A scorer that can look at a picture a second time, in another way."""

    def again(self) -> Scorer:
        """Return the same scorer over other views than those that a search was guided by."""
