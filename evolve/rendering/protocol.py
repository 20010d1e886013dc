"""The protocol of renderers, which own a model and its device: jobs go in, events come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from socket import socket
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.genome.edit import Base
from evolve.genome.settings import Settings
from evolve.models.words.phrasing import Phrasings
from evolve.scoring.looks.sight import Sight
from evolve.scoring.wanted import Wanted
from evolve.session.archive import Picture, Render


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """What a loaded model takes and returns."""

    name: str
    latent: tuple[int, int, int]
    """Shape of the noise: channels, height, width."""
    pixels: tuple[int, int]
    """Height and width of a picture."""
    settings: Settings = field(default_factory=Settings)
    """Settings of founders."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """What identifies the model and how it runs: fingerprint, device, dtype, rows, versions."""
    variety: float | None = None
    """The variety that it needs because its noise hardly matters; None if it needs none."""


@dataclass(frozen=True, slots=True)
class Job:
    """A genome to paint."""

    id: int
    genome: Genome
    wanted: Wanted | None = None
    """What an edit asks for; the record then has how surely it is there, as `wanted`."""
    until: int | None = None
    """Step after which a draft, `Drafted`, is reported in place of the picture; None paints to the
    end. A later job of the same id and genome continues the draft if the renderer still keeps it;
    otherwise it begins again."""


@dataclass(frozen=True, slots=True)
class Encode:
    """A picture to bring into the model's latents, so that genomes can start from it."""

    id: int
    picture: Picture
    """Of a size that the model paints."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Locate:
    """A picture in which to find the place that changes with its words."""

    id: int
    genome: Genome
    """The genome of the picture; noise and settings are used."""
    latent: NDArray[np.float16]
    """The clean latent that the picture was decoded from, of the noise's shape."""
    phrasings: Phrasings
    """Words for the picture as it is and as it will be. If there are stronger ones and the model
    has a reader of pictures, each is tried out in the place."""
    place: NDArray[np.bool_] | None = None
    """(height, width) of the latent: the place, if it is known, so that there are only tries."""


@dataclass(frozen=True, slots=True)
class Describe:
    """A picture to embed; those that the renderer paints have the embedding in their record."""

    id: int
    picture: Picture


Task = Job | Encode | Locate | Describe
"""What a renderer can be asked for.

An id belongs to one task for as long as the renderer lives. A task that was cancelled may be asked
for again by its id, and goes on if it is still under way; another task needs another id, or it
would get what the first one comes to.
"""


@dataclass(frozen=True, slots=True)
class Fetching:
    """Files are being downloaded."""

    name: str
    done: int
    """Bytes that are on this machine."""
    total: int


@dataclass(frozen=True, slots=True)
class Measuring:
    """The best way to paint with the model is being measured, once for each machine."""

    name: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded."""

    info: ModelInfo


@dataclass(frozen=True, slots=True)
class Stepped:
    """A job was begun (step 0), or has taken one more step of its sampler."""

    id: int
    step: int
    """0 to `steps`."""
    steps: int
    preview: NDArray[np.uint8] | None = None
    """Small RGB estimate of the finished picture, (h, w, 3); None if there is none."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A job is painted."""

    id: int
    picture: Picture
    record: Mapping[str, Any]
    passes: int
    """Forwards of the denoiser that the renderer has run so far, for all its jobs."""
    latent: NDArray[np.float16] | None = None
    """The clean latent that was decoded, as the denoiser returns it, of the noise's shape."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A job is painted up to its `until`.

    The draft is kept until it is continued or cancelled; if there are too many, the oldest is lost.
    """

    id: int
    step: int
    picture: Picture
    """The predicted picture, decoded like a finished one."""
    passes: int
    """As in `Finished`."""

    def answers(self, task: Task) -> bool:
        """Return whether a task of this id asks for it.

        Else it was reported before that task was cancelled and asked for again, as a picture, say.
        """
        return isinstance(task, Job) and task.until == self.step


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture is encoded."""

    id: int
    base: Base


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """A place was searched for in a picture."""

    id: int
    difference: NDArray[np.float32]
    """(height, width) of the latent: how much more each cell changes than by a neutral paraphrase,
    in deviations of that (see `evolve.rendering.pipeline.locating`). 1 inside a known place."""
    cost: float
    """Rows of the denoiser that it took, relative to those of painting the picture."""
    remark: str = ""
    """A line about what the model cannot paint in pictures like this one; mostly empty."""
    chances: tuple[float, ...] = ()
    """How surely tries show the thing, as logarithms: by `after`, and by each stronger phrasing;
    empty if nothing was tried."""
    focused: bool = False
    """Whether the focused phrasings were used, because the thing did not appear by the others."""
    guidance: float | None = None
    """The guidance scale of the tries, to paint the thing with; None for that of the picture."""
    near: tuple[int, ...] = ()
    """Numbers of the tries that show the thing, the surest first, if others do not: children begin
    near their noise (`evolve.search.edits.PaintedPlace`)."""
    look: str = ""
    """Words for the look of the picture that were added to the phrasings, which had none: without
    them, what is painted into it may look different."""


@dataclass(frozen=True, slots=True)
class Described:
    """A picture is embedded."""

    id: int
    sight: Sight


@dataclass(frozen=True, slots=True)
class Failed:
    """A job cannot be painted, a picture not encoded or described, a place not found."""

    id: int
    error: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The renderer died and was started again; jobs that have not ended are painted again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The renderer cannot work, or not any more."""

    error: str
    """One line with the reason and the cure."""


@dataclass(frozen=True, slots=True)
class Lost(Broken):
    """The renderer is gone, through no fault of its jobs: another can replace it."""


def as_render(event: Finished | Failed) -> Render:
    """Return the row that saves how a job ended."""
    if isinstance(event, Finished):
        return Render(individual=event.id, picture=event.picture, record=event.record)
    return Render(individual=event.id, picture=None, error=event.error)


Ended = Finished | Drafted | Encoded | Located | Described | Failed
"""The last event of a task."""

RenderEvent = Fetching | Measuring | Ready | Stepped | Ended | Restarted | Broken


Waitable = Connection | socket | int
"""What `multiprocessing.connection.wait` takes."""


class Line(Protocol):
    """Leads to what paints jobs, several at a time, and reports events."""

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs, in order, before those that are queued already; return at once."""

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs that have not ended, and drafts; no further event is about them."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return the events since the last call, waiting up to `timeout` seconds for the first."""

    def close(self) -> None:
        """Stop within a second, whatever is under way."""


class Renderer(Line, Protocol):
    """Paints jobs, itself or at the other end of a line. Used from one thread."""

    @property
    def waitables(self) -> Sequence[Waitable]:
        """What becomes ready when there is something to poll; a renderer without any is polled."""
