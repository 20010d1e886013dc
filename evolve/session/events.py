"""The events that a session reports to its listener, on its own thread and in order.

`Ready` and `Stepped` are passed on from the renderer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evolve.models.words.phrasing import Phrasings
from evolve.rendering.protocol import Located
from evolve.rendering.protocol import Ready as Ready
from evolve.rendering.protocol import Stepped as Stepped
from evolve.search.individual import Individual
from evolve.search.plan import Plan
from evolve.session.archive import Judgement, Note, Picture


@dataclass(frozen=True, slots=True)
class Born:
    """Individuals were bred and are saved; painting follows."""

    individuals: Sequence[Individual]
    painted: Sequence[Painted] = ()
    """Their pictures that were painted ahead, to be shown together."""
    request: int = 0
    """The number of the request that they answer; 0 for a page of an earlier session."""


@dataclass(frozen=True, slots=True)
class DraftsPainted:
    """Progress of drafts of children that are not born yet, or of candidates of a page."""

    painted: int = 0
    wanted: int = 0
    """Drafts or candidates so far, painted ones included."""
    left: int = 0
    """Children that are not born yet."""
    measuring: bool = False
    """Whether the model is being measured, which is done once."""
    choosing: bool = False
    """Whether they are candidates of a page."""
    work: float = 0.0
    """Candidates painted since they were asked for, with parts of pictures."""
    rest: float = 0.0
    """Candidates left to paint, with parts of pictures."""


@dataclass(frozen=True, slots=True)
class PaintedAhead:
    """How much of the page that would be bred now is painted; reported when it changes."""

    ready: int
    page: int
    """Pictures of that page."""
    rests: bool = False
    """Whether painting it ahead rests until the next answer."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A picture is finished and saved."""

    id: int
    picture: Picture
    wanted: float | None = None
    """How surely the picture shows what an edit asked for; higher is surer. None for no edit."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft is painted; it is not saved."""

    id: int
    picture: Picture
    """The picture that is predicted after `step` of `steps`."""
    step: int
    steps: int


@dataclass(frozen=True, slots=True)
class PaintingFailed:
    """A picture could not be painted; the reason is saved."""

    id: int
    error: str


@dataclass(frozen=True, slots=True)
class PaintingStopped:
    """Painting stopped on request: nothing born before this is painted unasked."""


@dataclass(frozen=True, slots=True)
class WordsWeighed:
    """The effect of each text of a prompt on its picture."""

    individual: int
    effects: Mapping[str, float]
    """Distance of the picture from the one without the text; empty if none can be left out."""
    request: int
    """The number that `Session.weigh` returned."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaceFound:
    """The place where a picture changes with its prompt."""

    individual: int
    phrasings: Phrasings
    """Those of the request, or the focused ones where only they brought the thing."""
    located: Located
    """`evolve.genome.masks.located` makes a mask of its difference."""
    request: int
    """The number that `Session.locate` returned: an earlier request may be answered late."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Judgements are saved."""

    judgements: Sequence[Judgement]


@dataclass(frozen=True, slots=True)
class Noted:
    """A note is saved."""

    note: Note


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan is saved; it holds from the next page on."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Renewed:
    """Another process has saved something, which the archive shows now."""


@dataclass(frozen=True, slots=True)
class Switched:
    """The session continues in another branch, which the archive shows now."""

    branch: str


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """Something could not be saved; it is kept and tried again, and later requests wait."""

    text: str
    """Why, and what helps."""
    brief: str
    """The same in a few words."""


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """Everything that could not be saved is saved now."""


Awaited = Literal["page", "place", "words"]
"""Children, the place that is sought, or the weighing of words."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A request could not be met; the text gives the reason and the cure."""

    text: str
    what: Awaited = "page"
    """What will not come."""
    request: int = 0
    """The number of the request; 0 for one that nothing waits for."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth a line in the status bar (the renderer came back, ...)."""

    text: str
    preparing: bool = False
    """Whether it holds until the model is ready."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The session has ended. `error` is empty after a normal end, with everything saved."""

    error: str = ""


Event = (
    Ready
    | Born
    | Stepped
    | DraftsPainted
    | Drafted
    | Painted
    | PaintedAhead
    | PaintingFailed
    | PaintingStopped
    | PlaceFound
    | WordsWeighed
    | Judged
    | Noted
    | Planned
    | Renewed
    | Switched
    | SaveFailed
    | CaughtUp
    | Refused
    | Notice
    | Stopped
)
