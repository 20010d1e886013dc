"""One member of a population, and how it came to be."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from evolve.genome import Genome
from evolve.judgements import JUDGEMENTS, LIKED, Kind
from evolve.plain_numbers import is_number

MOST_ANGLE = 1e6
"""Degrees: the largest angle in a record."""
UNKNOWN = "unknown"
"""Operator of an individual whose record is lost."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The operator that made an individual, with the parameters it was called with."""

    operator: str
    """Name of an operator (`evolve.search.operators`), maybe of one that is not installed any more;
    `import` for a picture from elsewhere, `unknown` where the record is lost."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Plain JSON values; angles in degrees."""

    def __post_init__(self) -> None:
        """Refuse parameters that enter calculations and are no numbers.

        Raises:
            ValueError: `step` or `angle` is no angle, or `seed` no whole number.
        """
        for name in ("step", "angle"):
            if name in self.params and not is_number(self.params[name], -MOST_ANGLE, MOST_ANGLE):
                raise ValueError(f"the {name} of an origin is not a number of degrees")
        seed = self.params.get("seed", 0)
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise ValueError("the seed of an origin is not a whole number")

    def plus(self, params: Mapping[str, Any]) -> Origin:
        """Return the same record with more parameters."""
        return Origin(self.operator, {**self.params, **params})


class Made(NamedTuple):
    """A child that is not born yet."""

    genome: Genome
    origin: Origin
    parents: tuple[int, ...] = ()
    """Ids, the main parent first."""

    def born(self, id: int, generation: int) -> Individual:
        """Return the child as an individual."""
        return Individual(id=id, generation=generation, **self._asdict())


@dataclass(frozen=True, slots=True, kw_only=True)
class Birth:
    """The place of an individual in the population, without its genome."""

    id: int
    """Unique in the population, from 0 in order of birth."""
    origin: Origin
    parents: tuple[int, ...] = ()
    """Ids, the main parent first; all smaller than `id`."""
    generation: int = 0
    """0 for the first page; one more for each page bred since. A page shows one generation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Individual(Birth):
    """A genome with its place in the population."""

    genome: Genome


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The latest judgement of each kind on an individual, and its score."""

    rating: int | None = None
    """One of `RATINGS`, by a person; None if not rated."""
    page: int | None = None
    """The page on which it was rated or picked; both are compared within their page."""
    score: float | None = None
    """Score of the population's fitness function; higher is better."""
    rejected: bool = False
    """A person threw it out: it never becomes a parent."""
    pinned: bool = False
    """A person keeps it: it may always become a parent."""
    place: int | None = None
    """1 to 3 if a person picked it as the best, second or third of its page."""
    none: bool = False
    """A person wants none of its page."""
    same: bool = False
    """To a person all of its page are alike."""

    @property
    def is_favourite(self) -> bool:
        """Whether a person likes it: rated `LIKED` or better, or pinned."""
        return self.pinned or (self.rating or 0) >= LIKED

    def value(self, kind: Kind) -> int:
        """Return the judgement of this kind; 0 if there is none."""
        return int(getattr(self, JUDGEMENTS[kind].field) or 0)

    def judged(self, kind: Kind, value: int, page: int | None = None) -> Verdict:
        """Return the verdict after a judgement of `value` on `page`; 0 takes it back."""
        known = JUDGEMENTS[kind]
        # As `replace` would, in a third of the time: populations have thousands of judgements.
        fields = {name: getattr(self, name) for name in _FIELDS}
        fields[known.field] = (value or None) if known.graded else bool(value)
        if known.within_page:
            fields["page"] = page if any(fields[name] for name in _COMPARED) else None
        return Verdict(**fields)


_FIELDS = tuple(field.name for field in dataclasses.fields(Verdict))
_COMPARED = tuple(kind.field for kind in JUDGEMENTS.values() if kind.within_page)
