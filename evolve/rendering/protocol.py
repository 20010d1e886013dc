"""What a renderer is: jobs go in, events come out; it owns the model and its device."""

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
    """What a loaded model asks for and gives."""

    name: str
    latent: tuple[int, int, int]
    """Shape of the noise: channels, height, width."""
    pixels: tuple[int, int]
    """Height and width of a picture."""
    settings: Settings = field(default_factory=Settings)
    """Settings a founder starts with."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """What identifies the model and how it runs: fingerprint, device, dtype, rows, versions."""
    variety: float | None = None
    """The variety that it was found to need, because its seed hardly matters; None for none."""


@dataclass(frozen=True, slots=True)
class Job:
    """A genome to paint."""

    id: int
    genome: Genome
    wanted: Wanted | None = None
    """What an edit was asked for: how surely it is there is then in the record, as `wanted`."""
    until: int | None = None
    """Step after which a draft is wanted, `Drafted`, in place of the picture; None paints it to the
    end. A later job of the same id and genome goes on where the draft is, as long as the renderer
    keeps it; else it begins again."""


@dataclass(frozen=True, slots=True)
class Encode:
    """A picture whose latent is wanted, so that genomes can start from it."""

    id: int
    picture: Picture
    """Height and width as the model paints them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Locate:
    """A picture in which the place is wanted that changes with its words."""

    id: int
    genome: Genome
    """Its noise and settings are those of the picture."""
    latent: NDArray[np.float16]
    """The clean latent that the picture was decoded from, of the noise's shape."""
    phrasings: Phrasings
    """As the picture is and as it is to be. Where there are stronger ones and the model has a
    reader of pictures, each is tried out in the place."""
    place: NDArray[np.bool_] | None = None
    """(height, width) of the latent: the place, if it is known and only tries are wanted."""


@dataclass(frozen=True, slots=True)
class Describe:
    """A picture whose embedding is wanted: of one that was painted here it is in the record."""

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
    """The model is not all here and is being downloaded."""

    name: str
    done: int
    """Bytes that are here."""
    total: int


@dataclass(frozen=True, slots=True)
class Measuring:
    """How to paint with the model best is tried out, which is done once on a machine."""

    name: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded; painting begins."""

    info: ModelInfo


@dataclass(frozen=True, slots=True)
class Stepped:
    """A job was begun (step 0), or has done one more sampler step."""

    id: int
    step: int
    """0 to `steps`."""
    steps: int
    preview: NDArray[np.uint8] | None = None
    """Small RGB estimate of the finished picture, (h, w, 3); None where there is none."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A job is painted."""

    id: int
    picture: Picture
    record: Mapping[str, Any]
    passes: int
    """Denoiser forwards run so far, by this renderer process for all its jobs."""
    latent: NDArray[np.float16] | None = None
    """The clean latent that was decoded, as the denoiser knows it, of the noise's shape."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """A job is painted as far as it was asked for.

    It is kept until it is gone on with or cancelled; the oldest of too many are given up.
    """

    id: int
    step: int
    picture: Picture
    """What is predicted there, decoded as a finished picture is."""
    passes: int
    """As of a finished job."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture is encoded."""

    id: int
    base: Base


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """It is known where a picture changes with its words."""

    id: int
    difference: NDArray[np.float32]
    """(height, width) of the latent: how much more than by a neutral paraphrase each cell changes,
    in deviations of that (see `evolve.rendering.pipeline.locating`). Of a known place 1 inside."""
    cost: float
    """Rows of the denoiser that it took, relative to those of painting the picture."""
    remark: str = ""
    """A line about what the model cannot paint in pictures like this one; mostly empty."""
    chances: tuple[float, ...] = ()
    """How surely a try shows what is to be there, as a logarithm: by `after`, and by each stronger
    phrasing; empty if nothing was tried."""
    focused: bool = False
    """Whether the focused phrasings were taken: by the others it did not come."""
    guidance: float | None = None
    """The guidance scale of tries, by which the thing is to be painted; None for the picture's."""
    near: tuple[int, ...] = ()
    """Numbers of the tries that show the thing, the surest first, where others do not show it:
    children begin near their noise (`evolve.search.edits.PaintedPlace`)."""
    look: str = ""
    """Words for what the picture looks like that were added to the phrasings, which name no such:
    else what is painted into it may look otherwise."""


@dataclass(frozen=True, slots=True)
class Described:
    """A picture was looked at."""

    id: int
    sight: Sight


@dataclass(frozen=True, slots=True)
class Failed:
    """A job cannot be painted, a picture not encoded or described, a place not found."""

    id: int
    error: str


@dataclass(frozen=True, slots=True)
class Restarted:
    """The renderer died and was started again; unfinished jobs are painted again."""

    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The renderer cannot work (again); the text says why and what helps."""

    error: str


@dataclass(frozen=True, slots=True)
class Lost(Broken):
    """The renderer is gone, for no fault of what it painted: another can take its place."""


def as_render(event: Finished | Failed) -> Render:
    """Return the row that saves how painting a job ended."""
    if isinstance(event, Finished):
        return Render(individual=event.id, picture=event.picture, record=event.record)
    return Render(individual=event.id, picture=None, error=event.error)


Ended = Finished | Drafted | Encoded | Located | Described | Failed
"""The last event of a task."""

RenderEvent = Fetching | Measuring | Ready | Stepped | Ended | Restarted | Broken


Waitable = Connection | socket | int
"""What `multiprocessing.connection.wait` can wait for."""


class Renderer(Protocol):
    """Paints jobs, several at a time, and reports as it goes. Used from one thread."""

    @property
    def waitables(self) -> Sequence[Waitable]:
        """What becomes ready when there is something to poll; empty if nothing can show that.

        A renderer that has none, such as one that asks another machine, is polled at intervals.
        """

    def submit(self, jobs: Sequence[Task]) -> None:
        """Queue jobs; returns at once. They are begun in order, before what is queued already."""

    def cancel(self, ids: Sequence[int]) -> None:
        """Drop jobs that are not finished, and drafts; no further event speaks of them."""

    def poll(self, timeout: float) -> list[RenderEvent]:
        """Return what has happened, waiting up to `timeout` seconds for the first event."""

    def close(self) -> None:
        """Stop within a second, whatever is being painted."""
