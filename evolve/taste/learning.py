"""How a taste is learnt in a population, from its config.

The newest judged pictures count: a person changes, and learning stays quick however long they
breed. Further there are the attributes of a reader, and a prior taste from another population.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from evolve.plain_numbers import is_int
from evolve.search.births import Births
from evolve.search.individual import Verdict
from evolve.search.selection import page_of
from evolve.taste.attributes import Attributes
from evolve.taste.prior import Prior

KEY = "memory"
"""Key of the number of judged pictures in the config of a population."""
NEWEST = 324
"""Judged pictures from which the taste of a new population is learnt: 27 pages. 504 instead of 360
predict a constant taste better by .03 (Spearman), and one that drifts worse by .15."""
MOST = 1_000_000


class Learning(NamedTuple):
    """How a taste is learnt."""

    memory: int | None = None
    """Number of judged pictures that count, the newest; None for all."""
    attributes: Attributes | None = None
    """Of the reader; with them each property counts as much as it matters to the person. None lets
    all count alike."""
    prior: Prior | None = None
    """A taste from another population to begin with."""

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Learning:
        """Read it from the config of a population; what is invalid there is left out."""
        memory = config.get(KEY)
        return cls(
            memory if is_int(memory, 1, MOST) else None,
            Attributes.from_config(config),
            Prior.from_config(config),
        )


def newest(
    judgements: dict[int, Verdict], births: Births, memory: int | None
) -> dict[int, Verdict]:
    """Return the verdicts on the newest pages that are remembered, by individual."""
    if memory is None or len(judgements) <= memory:
        return judgements
    kept = sorted(judgements, key=lambda i: (page_of(births, i, judgements[i]), i))[-memory:]
    return {i: judgements[i] for i in sorted(kept)}
