"""What each word does to a picture: it is painted once more without each, beside all other work.

Nothing of it is saved; what was found is remembered as long as the session lasts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import numpy as np

from evolve.genome import Genome
from evolve.rendering.protocol import Failed, Finished, Job, Renderer, RenderEvent, Stepped
from evolve.session import events
from evolve.session.archive import Picture

FIRST = -1_000_000_000
"""Ids from here down are those of such paintings; individuals' are not negative."""
KEPT = 64
"""Genomes whose words are remembered."""


class Weighing:
    """What a renderer paints to compare with, for one picture at a time."""

    def __init__(self) -> None:
        self._ids = count(FIRST, -1)
        self._individual = -1
        self._genome = ""
        self._wanted: dict[int, str] = {}
        """What each painting lacks; nothing for the picture as it is."""
        self._painted: dict[str, Picture] = {}
        self._known: OrderedDict[str, Mapping[str, float]] = OrderedDict()

    def begin(
        self, renderer: Renderer, individual: int, genome: Genome
    ) -> events.WordsWeighed | None:
        """Weigh the words of an individual, and no other any more.

        Returns:
            The answer if it is known, or if there is nothing to leave out.
        """
        self.give_up(renderer)
        variants = genome.prompt.without_each()
        if not variants:
            return events.WordsWeighed(individual, {})
        if (known := self._known.get(genome.digest)) is not None:
            return events.WordsWeighed(individual, known)
        self._individual, self._genome, self._painted = individual, genome.digest, {}
        jobs = [Job(next(self._ids), genome)]
        jobs += [
            Job(next(self._ids), replace(genome, prompt=prompt)) for prompt in variants.values()
        ]
        self._wanted = dict(zip((job.id for job in jobs), ("", *variants), strict=True))
        renderer.submit(jobs)
        return None

    def give_up(self, renderer: Renderer) -> bool:
        """Weigh nothing any more; returns whether anything was weighed."""
        waiting = sorted(self._wanted)
        if waiting:
            renderer.cancel(waiting)
            self._wanted = {}
        return bool(waiting)

    def concerns(self, event: RenderEvent) -> bool:
        """Return whether an event is about such a painting."""
        return isinstance(event, Finished | Failed | Stepped) and event.id <= FIRST

    def answer(self, renderer: Renderer, event: RenderEvent) -> events.Event | None:
        """Return what to report of an event that concerns such a painting, if anything."""
        if isinstance(event, Failed) and event.id in self._wanted:
            self.give_up(renderer)
            return events.Refused(f"the words cannot be weighed: {event.error}")
        if not isinstance(event, Finished) or event.id not in self._wanted:
            return None
        self._painted[self._wanted.pop(event.id)] = event.picture
        if self._wanted:
            return None
        whole = self._painted.pop("")
        found = {text: distance(whole, other) for text, other in self._painted.items()}
        self._known[self._genome] = found
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return events.WordsWeighed(self._individual, found)


def distance(a: Picture, b: Picture) -> float:
    """Return the mean difference of two pictures of one size, 0 to 1."""
    return float(np.abs(a.astype(np.int16) - b).mean() / 255)
