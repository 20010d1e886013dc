"""The policy: what a search does where a person decided nothing (`evolve.search.plan`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evolve.errors import GenomeError
from evolve.search.operators import operator_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a search breeds.

    Raises:
        GenomeError: The menu names an operator that no page can hold, or a share out of range.
    """

    parents: int = 4
    """Parents of a page, no two of them close kin."""
    founders: int = 24
    """Individuals that are founded before any are bred by scores; ratings breed earlier."""
    menu: Mapping[str, float] | None = None
    """Share of a page by operator; None for the operators' own shares."""
    antithetic: bool = True
    """Founders come in pairs z and -z, which cover more than independent draws."""
    other_ways: bool = True
    """Whether children of a size may be drawn again where their way leaps over it, children of the
    same two parents are spread beside each other rather than on one line, and drafts show how far
    to go from each parent. Populations of earlier versions are bred without."""

    def __post_init__(self) -> None:
        for name, share in (self.menu or {}).items():
            operator_of(name)
            if not 0 <= share <= 1:
                raise GenomeError(f"a share of {share:g} for '{name}' is not between 0 and 1")
