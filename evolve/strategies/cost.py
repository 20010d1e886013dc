"""The cost of a search: counted where it arises, and compared in full pictures.

One forward is one prediction of the denoiser for one picture, whatever it is batched with; guidance
doubles its rows for every strategy alike. A picture takes as many forwards as it has steps, a draft
those up to it, and one that starts from another picture those that are left to paint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evolve.plain_numbers import is_int
from evolve.search.individual import Birth

FORWARDS = "forwards"
"""Parameter of an origin: forwards of an individual and of the drafts that were given up for it,
unless as many as those of the first founders."""

MOST = 1_000_000
"""Forwards in one record, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """The cost of a run."""

    forwards: int = 0
    decodes: int = 0
    """Latents that were decoded to pictures, drafts included."""
    scores: int = 0
    """Pictures that were scored, drafts included."""
    seconds: float = 0.0
    full: int = 1
    """Forwards of one full picture."""

    @property
    def full_pictures(self) -> float:
        """Its forwards, in those of one full picture."""
        return self.forwards / self.full


def spent(births: Iterable[Birth], full: int) -> int:
    """Return the forwards that individuals took, as recorded when they were born."""
    return sum(_took(birth, full) for birth in births)


def _took(birth: Birth, full: int) -> int:
    """Return the forwards of an individual; those of a founder if the record is invalid."""
    took = birth.origin.params.get(FORWARDS, full)
    return took if is_int(took, 1, MOST) else full
