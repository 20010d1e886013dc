"""The kinds of judgements on a picture, in one table.

Verdicts, the tables of saved populations, the cards on the screen and search terms follow from it.
A note is no judgement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

RATINGS = range(1, 6)
"""The ratings a person can give, the best last."""
LIKED = RATINGS[-2]
"""The rating from which a picture is a favourite."""
PLACES = range(1, 4)
"""The places of a page a person can give, the best first."""
YES = range(1, 2)
"""The value of a judgement without degrees."""

Kind = Literal["rate", "reject", "pin", "pick", "none", "same"]


@dataclass(frozen=True, slots=True)
class JudgementKind:
    """One kind of judgement on a picture."""

    name: Kind
    field: str
    """The field of `Verdict` that holds it."""
    values: range
    """Its values; 0 takes it back."""
    within_page: bool = False
    """Whether it compares pictures of one page, so that the page counts."""
    answers: bool = True
    """Whether it tells how good a picture is."""
    adjective: str = ""
    """Word for such pictures in a search."""

    @property
    def highest(self) -> int:
        """The highest value."""
        return self.values[-1]

    @property
    def graded(self) -> bool:
        """Whether there are more values than yes and no."""
        return len(self.values) > 1


JUDGEMENTS: Mapping[str, JudgementKind] = {
    kind.name: kind
    for kind in (
        JudgementKind("rate", "rating", RATINGS, within_page=True),
        JudgementKind("reject", "rejected", YES, adjective="rejected"),
        JudgementKind("pin", "pinned", YES, answers=False, adjective="pinned"),
        JudgementKind("pick", "place", PLACES, within_page=True, adjective="picked"),
        JudgementKind("none", "none", YES),
        JudgementKind("same", "same", YES),
    )
}
"""Every kind by its name. Saved populations hold positions in this order: only ever append."""
KINDS: tuple[Kind, ...] = tuple(kind.name for kind in JUDGEMENTS.values())
