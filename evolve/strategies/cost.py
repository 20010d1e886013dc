"""What a search costs: counted where it arises, and compared in full pictures.

One forward is one prediction of the denoiser for one picture, whatever it is batched with; guidance
doubles its rows for every strategy alike. A picture of eight steps takes eight; a draft takes as
many as it has steps; one that starts from another picture takes those that are left to paint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evolve.plain_numbers import is_int
from evolve.search.individual import Birth

FORWARDS = "forwards"
"""In the record of a birth: what it took with the drafts that were given up for it, if that is not
what the first founders took."""

MOST = 1_000_000
"""Forwards that one individual can have taken with all drafts that were given up for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What was spent."""

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
    """Return what one took; as a founder if its record, maybe a stranger's, is invalid."""
    took = birth.origin.params.get(FORWARDS, full)
    return took if is_int(took, 1, MOST) else full
