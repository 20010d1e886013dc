"""The plan: what a person decided about the pages to come.

A plan is saved as a whole whenever it changes, so its history is kept and the latest one holds.
What it leaves open is decided by `Policy`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt
from evolve.genome.settings import CHOSEN, OPTIONAL, chosen
from evolve.plain_numbers import is_int
from evolve.search.breeding import STRENGTHS
from evolve.search.operators import KINDS, operator_of, operators
from evolve.search.sized.brood import Brood
from evolve.search.sized.sizes import size_of

SLOTS = ("auto", *KINDS)
"""What a place of a page may hold: the search's choice, or a kind of operator."""

LOCKS = ("noise", "weights", "guidance_scale", "steps", "sampler", *OPTIONAL)
"""Genes that may be kept from varying."""

MOST_PAGE = 64
MOST_TIMES = 8
"""Candidates for each picture of a page, at most."""
MOST_AMONG = MOST_TIMES * MOST_PAGE

By = Literal["taste", "ratings"]
"""What parents are chosen by: what was learnt from all answers, or their own ratings."""
BYS: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How the next pages are made."""

    prompt: Prompt | None = None
    """The prompt from now on; None leaves every child the prompt of its parent."""
    since: int = 0
    """First individual born under `prompt`: children of earlier ones get the new one. A page that
    is under way when the prompt changes is born under the old one."""
    slots: tuple[str, ...] = ()
    """One of `SLOTS` for each place of a page; places beyond are `auto`."""
    once: bool = False
    """Whether `slots` hold for the next page only; else until they are changed."""
    page: int | None = None
    """Pictures on a page, 1 to 64; None is the population's own."""
    step: float | None = None
    """Degrees by which children turn away, 0 to 90; None adapts to what was judged."""
    size: float | None = None
    """Distance of children from their parents in the picture, 0.02 to 1, in place of a step
    (`evolve.search.sized.sizes`); None breeds by steps."""
    strengths: Mapping[str, float] = field(default_factory=dict)
    """Factor on the strength of an operator, by its name; 1 where there is none."""
    locked: tuple[str, ...] = ("steps", "sampler")
    """Genes that do not vary, of `LOCKS`."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings of all children, whatever their parents have, of `CHOSEN`."""
    directions: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Remembered directions by name: from one individual to another."""
    by: By | None = None
    """What parents are chosen by; None for the population's own."""
    taste_since: int = 0
    """First individual from which a taste is learnt; answers to earlier ones are forgotten."""
    among: int | None = None
    """Candidates that are painted to choose a page from by taste, up to 8 times the largest page;
    as many as a page has pictures, or fewer, for no choice. None for the population's own."""
    strategy: Mapping[str, Any] | None = None
    """Name and settings of the strategy of runs (`evolve.strategies`); None before the first."""
    brood: Brood | None = field(default=None, compare=False)
    """Children of a size that are not all born yet; no decision of a person."""

    def __post_init__(self) -> None:
        _among("a place of a page", self.slots, SLOTS)
        _among("a gene to lock", self.locked, LOCKS)
        if self.page is not None and not is_int(self.page, 1, MOST_PAGE):
            raise GenomeError(f"a page of {self.page} pictures is not between 1 and {MOST_PAGE}")
        if self.among is not None and not 1 <= self.among <= MOST_AMONG:
            raise GenomeError(
                f"a page cannot be chosen among {self.among} candidates: use 1 to {MOST_AMONG}"
            )
        if self.step is not None and not 0 < self.step <= 90:
            raise GenomeError(f"a step of {self.step:g} degrees must be above 0 and at most 90")
        if self.size is not None:
            size_of(self.size)
        if self.by is not None:
            _among("what parents are chosen by", [self.by], BYS)
        low, high = STRENGTHS
        for name, strength in self.strengths.items():
            operator_of(name)
            if not low <= strength <= high:
                raise GenomeError(f"strength {strength:g} of {name} is not {low:g} to {high:g}")
        _among("a setting for all", list(self.settings), CHOSEN)
        chosen(self.settings)  # refuses values that are out of range
        if set(LOCKS) - set(OPTIONAL) <= set(self.locked):  # few genomes have those
            raise GenomeError("every gene is locked, so children could only be copies: unlock one")

    def reworded(self, individual: int, genome: Genome) -> Genome:
        """Return the genome as a parent under this plan: with the new prompt if it is older."""
        if self.settings:
            genome = replace(genome, settings=replace(genome.settings, **self.settings))
        if self.prompt is None or individual >= self.since:
            return genome
        return replace(genome, prompt=self.prompt)

    def begun(self, before: Plan, births: int) -> Plan:
        """Return the plan as it follows the one before, after this many births.

        A prompt that is new holds from the next individual on.
        """
        return replace(self, since=before.since if self.prompt == before.prompt else births)

    def behind(self, prompt: Prompt | None, first: int, births: int) -> Plan:
        """Return the plan after births under a prompt that was in force earlier.

        The first of them is `first`. A new prompt holds only after them, unless others were born
        under it already.
        """
        is_new = self.prompt != prompt and self.since >= first
        return replace(self, since=births) if is_new else self

    def is_of_newcomers(self, page: int) -> bool:
        """Return whether all places of a page hold newcomers, which need no parents."""
        return len(self.slots) >= page and set(self.slots[:page]) == {"new"}

    def used(self) -> Plan:
        """Return what is left of the plan once a page was bred by it."""
        return replace(self, slots=(), once=False) if self.once else self

    def to_json(self) -> dict[str, Any]:
        """Return the plan as plain JSON values."""
        return {
            "prompt": None if self.prompt is None else self.prompt.to_json(),
            "since": self.since,
            "slots": list(self.slots),
            **({"once": True} if self.once else {}),
            "page": self.page,
            "step": self.step,
            **({} if self.size is None else {"size": self.size}),
            "strengths": dict(self.strengths),
            "locked": list(self.locked),
            **({"settings": dict(self.settings)} if self.settings else {}),
            "directions": {name: list(pair) for name, pair in self.directions.items()},
            **({} if self.by is None else {"by": self.by}),
            **({"taste_since": self.taste_since} if self.taste_since else {}),
            **({} if self.among is None else {"among": self.among}),
            **({} if self.strategy is None else {"strategy": dict(self.strategy)}),
            **({} if self.brood is None else {"brood": self.brood.to_json()}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Plan:
        """Read what `to_json` wrote; leave out what a newer version or a package added."""
        prompt, strengths = data["prompt"], dict(data["strengths"])
        return cls(
            prompt=None if prompt is None else Prompt.from_json(prompt),
            since=int(data["since"]),
            slots=tuple(data["slots"]),
            once=bool(data.get("once", False)),
            page=data["page"],
            step=data["step"],
            size=None if data.get("size") is None else size_of(data["size"]),
            strengths={name: s for name, s in strengths.items() if name in operators()},
            locked=tuple(data["locked"]),
            settings=chosen(data.get("settings")),
            directions={name: (int(a), int(b)) for name, (a, b) in data["directions"].items()},
            by=by if (by := data.get("by")) in BYS else None,
            taste_since=int(data.get("taste_since", 0)),
            among=among if is_int(among := data.get("among"), 1, MOST_AMONG) else None,
            strategy=s if _can_be_saved(s := data.get("strategy")) else None,
            brood=Brood.from_json(data["brood"]) if "brood" in data else None,
        )


def _can_be_saved(strategy: object) -> bool:
    """Return whether this may be a strategy: a stranger may have written NaN into it."""
    try:
        return isinstance(strategy, dict) and bool(json.dumps(strategy, allow_nan=False))
    except ValueError:
        return False


def _among(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    for each in given:
        if each not in known:
            raise GenomeError(f"'{each}' is not {what}: use {', '.join(known)}")
