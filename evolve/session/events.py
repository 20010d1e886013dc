"""What a session reports to its listener. Events arrive on the session's thread, in order.

`Ready` and `Stepped` are the renderer's own, passed on as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evolve.models.words.phrasing import Phrasings
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
    """Those of them that were painted ahead: they are shown together."""


@dataclass(frozen=True, slots=True)
class DraftsPainted:
    """Drafts are being painted of children that are not born yet."""

    painted: int = 0
    wanted: int = 0
    """Drafts that are wanted so far."""
    left: int = 0
    """Children that are not born yet."""
    measuring: bool = False
    """Whether the model is measured for it, which is done once."""
    choosing: bool = False
    """Whether they are whole pictures, among which a page is chosen."""
    work: float = 0.0
    """What was painted of these since they were asked for, in pictures; parts count."""
    rest: float = 0.0
    """What is still to be painted of them, likewise."""


@dataclass(frozen=True, slots=True)
class PaintedAhead:
    """More or less than before of the page that would be bred now is painted already."""

    ready: int
    page: int
    """Pictures of that page."""
    rests: bool = False
    """Whether no more of it is painted before the next answer."""


@dataclass(frozen=True, slots=True)
class Painted:
    """A picture is finished and saved."""

    id: int
    picture: Picture
    wanted: float | None = None
    """How surely what an edit was asked for is there; higher is surer. None if it was no edit."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft can be seen; it is not saved."""

    id: int
    picture: Picture
    """What is predicted after `step` of its `steps`."""
    step: int
    steps: int


@dataclass(frozen=True, slots=True)
class PaintingFailed:
    """A picture could not be painted; the reason is saved."""

    id: int
    error: str


@dataclass(frozen=True, slots=True)
class PaintingStopped:
    """Painting stopped as it was asked for: nothing born before this is painted unasked."""


@dataclass(frozen=True, slots=True)
class WordsWeighed:
    """It is known what the words of a picture do."""

    individual: int
    effects: Mapping[str, float]
    """How far the picture is from the one without that text; empty if none can be left out."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaceFound:
    """It is known where a picture changes with its words."""

    individual: int
    phrasings: Phrasings
    """Those that were asked about, or their focused ones where only they brought the thing."""
    difference: NDArray[np.float32]
    """(height, width) of the latent; `evolve.genome.masks.located` makes a mask of it."""
    cost: float
    """Rows of the denoiser that it took, relative to those of painting the picture."""
    remark: str = ""
    """A line about what the model cannot paint in pictures like this one; mostly empty."""
    chances: tuple[float, ...] = ()
    guidance: float | None = None
    near: tuple[int, ...] = ()
    """See `evolve.rendering.protocol.Located`, all three."""


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
    """A plan is saved; the next page is made by it."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class Renewed:
    """Another process has saved something: the archive shows something new."""


@dataclass(frozen=True, slots=True)
class Switched:
    """The session continues in another branch, which the archive shows now."""

    branch: str


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """Something could not be saved; it is kept and tried again, and what follows it waits."""

    text: str
    """Why, and what helps."""
    brief: str
    """The same in a few words."""


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """All that could not be saved at first is saved now."""


Awaited = Literal["page", "place", "words", "all"]
"""Children, the place that is sought, the weighing of words, or all of these."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Something asked for could not be done; the text says why and what helps."""

    text: str
    what: Awaited = "page"
    """What does not come."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth a line in the status bar (the renderer came back, ...)."""

    text: str
    preparing: bool = False
    """Whether it is so until the model is ready."""


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
