"""A brood: children of a size, whose reach is still to be found.

Everything about them is decided when they are asked for, except how far each goes along its own
way: that follows from pictures (`evolve.session.sizing`). The plan carries the brood until its last
child is born, so an interrupted brood goes on to the same children.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from evolve.genome import Prompt
from evolve.genome.settings import chosen
from evolve.plain_numbers import is_int, is_number
from evolve.search import operators
from evolve.search.operators.turning import AXES
from evolve.search.sized.sizes import LEAST

How = Literal["breed", "look", "steer"]
MISSED = "missed"
"""Parameter: reach and distance of the first draft, where there was another one."""
DRAFTS = "drafts"
"""Parameter: number of drafts of a child, where it was more than one."""
WAY = "way"
"""Parameter: the way of a child, counted from 0, where it was not the first one."""
BESIDE = "beside"
"""Parameter: degrees by which the other parent was turned, where siblings have the same parents."""
_MOST_DRAFTS = 64
_LEAST = LEAST / 2
"""The smallest size of a child: the first of the steps in a direction is half of what is asked."""


def drafts_of(params: Mapping[str, Any]) -> int:
    """Return how many drafts were painted of a child; 1 where the record is invalid."""
    drafts = params.get(DRAFTS, 1)
    return drafts if is_int(drafts, 1, _MOST_DRAFTS) else 1


def missed_of(params: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return reach and distance of the first of several drafts; None if there was only one."""
    missed = params.get(MISSED)
    if isinstance(missed, list) and len(missed) == 2 and all(map(is_number, missed)):
        return float(missed[0]), float(missed[1])
    return None


def reach_of(params: Mapping[str, Any]) -> float:
    """Return the reach of a child, 0 to 1; 1 where it is not recorded or invalid."""
    reach = params.get("reach")
    return float(reach) if is_number(reach, 0, 1) else 1.0


@dataclass(frozen=True, slots=True)
class DraftedChild:
    """What is decided about one child."""

    operator: str
    main: int
    size: float
    """The size that is asked for, negative against a direction; 0 for children without one, such as
    founders and parents as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brood:
    """Children that were asked for, with consecutive ids."""

    how: How
    first: int
    """Id of the first child."""
    generation: int
    children: tuple[DraftedChild, ...]
    pool: tuple[int, ...]
    """Possible parents; of steps in a direction, its start and end."""
    locked: tuple[str, ...] = ()
    prompt: Prompt | None = None
    """Prompt of the children of parents born before `since`."""
    since: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings of all children, as `Plan.settings`."""
    pictures: tuple[int, ...] = ()
    """Individuals whose pictures give the axes of a ring; empty for random directions alone."""
    among: int = 0
    """Members of its branch before its first birth: it goes on in that branch alone."""
    other_ways: bool = False
    """As `Policy.other_ways`; False for broods of earlier versions."""

    @property
    def is_possible(self) -> bool:
        """Whether it can be bred; a stranger may have written it."""
        ids = {*self.pool, *self.pictures, *(child.main for child in self.children)}
        sizes = [abs(child.size) for child in self.children if child.size]
        if not all(0 <= i < self.first for i in ids) or not all(_LEAST <= s <= 1 for s in sizes):
            return False
        match self.how:
            case "look":
                return len(self.children) == 2 * AXES
            case "steer":
                return len(self.pool) == 2
        return bool(self.pool) and all(
            operators.operators()[child.operator].parents <= len({child.main, *self.pool})
            for child in self.children
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "how": self.how,
            "first": self.first,
            "generation": self.generation,
            "children": [[c.operator, c.main, c.size] for c in self.children],
            "pool": list(self.pool),
            "locked": list(self.locked),
            "prompt": None if self.prompt is None else self.prompt.to_json(),
            "since": self.since,
            **({"settings": dict(self.settings)} if self.settings else {}),
            "pictures": list(self.pictures),
            "among": self.among,
            **({"other_ways": True} if self.other_ways else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Brood | None:
        """Read what `to_json` wrote; None for what only a newer version can read."""
        if data["how"] not in get_args(How):
            return None
        prompt = data["prompt"]
        children = tuple(DraftedChild(str(o), int(m), float(s)) for o, m, s in data["children"])
        if any(c.operator not in operators.operators() for c in children):
            return None  # made by a package that is not installed any more
        return cls(
            how=data["how"],
            first=int(data["first"]),
            generation=int(data["generation"]),
            children=children,
            pool=tuple(map(int, data["pool"])),
            locked=tuple(map(str, data["locked"])),
            prompt=None if prompt is None else Prompt.from_json(prompt),
            since=int(data["since"]),
            settings=chosen(data.get("settings")),
            pictures=tuple(map(int, data["pictures"])),
            among=int(data["among"]),
            other_ways=data.get("other_ways") is True,
        )
