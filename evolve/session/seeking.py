"""Seeking the place in a picture that changes with its words: one at a time, the latest counts."""

from __future__ import annotations

from itertools import count

import numpy as np
from numpy.typing import NDArray

from evolve.genome import Genome
from evolve.rendering.protocol import Failed, Locate, Located, Renderer, RenderEvent
from evolve.session import events
from evolve.session.requests import Seek


class Seeking:
    """What a renderer is asked to find, beside its painting."""

    def __init__(self) -> None:
        self._ids = count(-1, -1)  # individuals' are not negative
        self._id = 0
        self._request: Seek | None = None

    def begin(
        self, renderer: Renderer, request: Seek, genome: Genome, latent: NDArray[np.float16]
    ) -> None:
        """Seek this, and nothing that was sought before.

        Args:
            renderer: Finds it.
            request: What is wanted.
            genome: Of the individual.
            latent: What its picture was decoded from.
        """
        self.give_up(renderer)
        self._id, self._request = next(self._ids), request
        task = Locate(
            id=self._id,
            genome=genome,
            latent=latent,
            phrasings=request.phrasings,
            place=request.place,
        )
        renderer.submit([task])

    def give_up(self, renderer: Renderer) -> bool:
        """Seek nothing any more; returns whether something was sought."""
        if (sought := self._request) is not None:
            renderer.cancel([self._id])
            self._request = None
        return sought is not None

    def concerns(self, event: RenderEvent) -> bool:
        """Return whether an event is about a place, and not about painting."""
        return isinstance(event, Located | Failed) and event.id < 0

    def answer(self, event: RenderEvent) -> events.PlaceFound | events.Refused | None:
        """Return what to report of an event that concerns a place, if anything."""
        request = self._request
        if request is None:
            return None
        assert isinstance(event, Located | Failed)
        if event.id != self._id:
            return None
        self._request = None
        if isinstance(event, Failed):
            return events.Refused(event.error, "place")
        return events.PlaceFound(
            request.individual,
            request.phrasings.found(focused=event.focused, look=event.look),
            event.difference,
            event.cost,
            event.remark,
            event.chances,
            event.guidance,
            event.near,
        )
