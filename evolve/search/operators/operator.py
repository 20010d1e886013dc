"""The interface of operators: named ways to make one genome from others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from evolve.errors import GenomeError
from evolve.genome import Genome

Kind = Literal["keep", "mutate", "cross", "new", "asked"]

KINDS: Mapping[str, str] = {
    "keep": "a parent as it is, the best one first",
    "mutate": "a variation of one parent",
    "cross": "a child of two parents",
    "new": "a newcomer from fresh noise",
}
"""The kinds of operators that fill places of a page, and what they put there."""

MOST_SHARE = 0.9
"""The largest share of a child that comes from parents other than its main one."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Strength(NamedTuple):
    """How strongly one child is to differ from its main parent."""

    angle: float
    """Degrees by which its noise turns, 0 (a copy) to 90 (unrelated); `factor` is in it."""
    factor: float = 1.0
    """The strength of the operator that a person set, 0.1 to 4."""
    reach: float | None = None
    """Where a size is asked for: the share of all that the operator can do, 0 (a copy) to 1. The
    other two follow it, so an operator may ignore it."""

    def share(self, share: float) -> float:
        """Return the share of other parents in a child: `share` times the factor."""
        return min(MOST_SHARE, float(share) * self.factor)


class Child(NamedTuple):
    """A child that an operator made."""

    genome: Genome
    params: Mapping[str, Any] = {}
    """How it was made, for the record: plain JSON values, angles in degrees."""


Make = Callable[[np.random.Generator, Sequence[Genome], Strength], Child]
"""Makes a child of its parents, the main one first. An operator without parents gets a template
instead: prompt and settings of newcomers, and noise without meaning. A parent is never changed, and
the noise of the child is standard normal if that of the parents is."""


def kept(rng: np.random.Generator, parents: Sequence[Genome], strength: Strength) -> Child:
    """Return the main parent as it is."""
    return Child(parents[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """A named way to make children.

    Raises:
        GenomeError: The parts do not fit together.
    """

    name: str
    """Lower case letters, digits and underscores, beginning with a letter."""
    kind: Kind
    """The places of a page that it fills, see `KINDS`. An operator that is `asked` is dealt to no
    page: a person asks for it by an action of its own."""
    label: str
    """What it changes or makes, in a few words."""
    make: Make | None = None
    """Makes one child; None for an operator that is `asked`."""
    parents: int = 1
    """Parents that it needs."""
    most_parents: int = 0
    """Parents that it takes at most; 0 for no more than it needs."""
    share: float = 0.0
    """Its share of a page, 0 to 1, where no menu is set; 0 for none."""
    is_whole: bool = False
    """Whether it turns the noise as a whole by the `angle` that it records: the step follows from
    children of such operators alone."""
    is_line: bool = False
    """Whether it draws nothing: children of the same parents differ in their reach alone."""
    of_many: Operator | None = None
    """Makes the child in its place where there are three possible parents or more."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise GenomeError(
                f"'{self.name}' cannot be the name of an operator: "
                "use lower case letters, digits and underscores, 40 at most"
            )
        if self.kind not in (*KINDS, "asked"):
            raise GenomeError(
                f"unknown kind of operator '{self.kind}': use {', '.join(KINDS)} or asked"
            )
        if (self.make is None) != (self.kind == "asked"):
            raise GenomeError(f"the operator '{self.name}' needs a function that makes children")
        fits = {"new": self.parents == 0, "cross": self.parents > 1, "asked": True}
        if not fits.get(self.kind, self.parents == 1):
            raise GenomeError(
                f"the operator '{self.name}' of kind '{self.kind}' cannot have {self.parents} "
                "parents: new ones have none, crosses two or more, all others one"
            )
        if not 0 <= self.share <= 1:
            raise GenomeError(f"a share of {self.share:g} of a page is not between 0 and 1")

    @property
    def is_adjustable(self) -> bool:
        """Whether it makes children on pages, and a person may set how strongly."""
        return self.share > 0 and self.kind in ("mutate", "cross")
