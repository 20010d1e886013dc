"""Seeking the place where a picture changes with its prompt: one at a time, the latest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.rendering.painting import task_ids
from evolve.rendering.protocol import Failed, Finished, Locate, Located, Renderer
from evolve.session import events
from evolve.session.requests import Seek, refused


class Seeking:
    """The place that a renderer seeks beside its painting."""

    def __init__(self) -> None:
        self._id = 0
        self._request: Seek | None = None

    def begin(
        self, renderer: Renderer, request: Seek, genome: Genome, latent: NDArray[np.float16]
    ) -> None:
        """Seek a place in the picture of a genome, of this latent, instead of the one before."""
        self.give_up(renderer)
        self._id, self._request = next(task_ids), request
        task = Locate(
            id=self._id,
            genome=genome,
            latent=latent,
            phrasings=request.phrasings,
            place=request.place,
        )
        renderer.submit([task])

    def give_up(self, renderer: Renderer) -> Seek | None:
        """Stop seeking; return the request for the place that was sought, if one was."""
        if (sought := self._request) is not None:
            renderer.cancel([self._id])
            self._request = None
        return sought

    def answer(self, event: Finished | Located | Failed) -> events.Event | None:
        """Return what to report of the end of a task; None for nothing, and for other tasks."""
        if (request := self._request) is None or event.id != self._id:
            return None
        assert not isinstance(event, Finished)
        self._request = None
        if isinstance(event, Failed):
            return refused(request, event.error)
        phrasings = request.phrasings.found(focused=event.focused, look=event.look)
        return events.PlaceFound(request.individual, phrasings, event, request.number)
