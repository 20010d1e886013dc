"""The one thing that an edit asks for."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from evolve.errors import GenomeError
from evolve.genome import Prompt

HARDLY = -2.0
"""Log probability of a thing below which a picture does not show it."""
SURE, AS_SURE = -1.2, 0.7
"""Log probability from which a try shows a thing well enough; and how far below the best counts."""


class Wanted(NamedTuple):
    """A change of a picture."""

    there: str = ""
    """The thing that is to be there; empty for none."""
    gone: str = ""
    """The thing that is not to be there; empty for none."""

    @classmethod
    def of(cls, params: Mapping[str, Any]) -> Wanted | None:
        """Read it from the record of an edit; None if that names nothing, or no prompt can."""
        match params:
            case {"add": str(words)}:
                wanted = cls(there=words)
            case {"remove": str(words)}:
                wanted = cls(gone=words)
            case {"swap": [str(old), str(new)]}:
                wanted = cls(new, old)
            case _:
                return None
        with contextlib.suppress(GenomeError):  # a stranger may have written anything
            return wanted if wanted.prompt else None
        return None

    @property
    def prompt(self) -> Prompt:
        """A prompt that asks for this alone."""
        words = [self.there] if self.there else []
        words += [f"without {self.gone}"] if self.gone else []
        return Prompt.parse(" | ".join(words))


def shown(chances: Sequence[float]) -> list[int]:
    """Return the places of the tries that show a thing well enough, or about as surely as any.

    `chances` are how surely each shows it, as logarithms.
    """
    most = max(chances, default=-math.inf)
    least = max(HARDLY, min(SURE, most - AS_SURE))
    return [k for k, chance in enumerate(chances) if chance >= least]
