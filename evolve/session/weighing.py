"""What each word does to a picture: it is painted once more without each, beside all other work.

Nothing of it is saved; what was found is remembered as long as the session lasts.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import numpy as np

from evolve.errors import RenderError
from evolve.genome import Genome
from evolve.rendering.painting import paint
from evolve.rendering.protocol import Failed, Finished, Job, Renderer, RenderEvent
from evolve.scoring.looks.distance import Measure
from evolve.scoring.looks.embedding import Embedding, chord
from evolve.scoring.looks.sight import Sight
from evolve.session import events

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
        self._painted: dict[str, Finished] = {}
        self._measure: Measure | None = None
        self._known: OrderedDict[str, Mapping[str, float]] = OrderedDict()

    def begin(
        self,
        renderer: Renderer,
        individual: int,
        genome: Genome,
        measure: Measure | None = None,
    ) -> events.WordsWeighed | None:
        """Weigh the words of an individual, and no other any more.

        Args:
            renderer: Paints.
            individual: Which.
            genome: Its genome.
            measure: How far pictures of the population are from each other, if that is known.

        Returns:
            The answer if it is known, or if there is nothing to leave out.
        """
        self.give_up(renderer)
        variants = genome.prompt.without_each()
        if not variants:
            return events.WordsWeighed(individual, {})
        if (known := self._known.get(genome.digest)) is not None:
            return events.WordsWeighed(individual, known)
        self._individual, self._genome, self._measure = individual, genome.digest, measure
        self._painted = {}
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
        return isinstance(event, Finished | Failed) and event.id <= FIRST

    def answer(self, renderer: Renderer, event: RenderEvent) -> events.Event | None:
        """Return what to report of an event that concerns such a painting, if anything."""
        if isinstance(event, Failed) and event.id in self._wanted:
            self.give_up(renderer)
            return events.Refused(f"the words cannot be weighed: {event.error}")
        if not isinstance(event, Finished) or event.id not in self._wanted:
            return None
        self._painted[self._wanted.pop(event.id)] = event
        if self._wanted:
            return None
        whole = self._painted.pop("")
        found = {text: distance(whole, one, self._measure) for text, one in self._painted.items()}
        self._known[self._genome] = found
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return events.WordsWeighed(self._individual, found)


def distance(a: Finished, b: Finished, measure: Measure | None) -> float:
    """Return how far two pictures are from each other.

    By the population's measure if it is known, else as their embeddings are; for a renderer that
    knows of no embeddings, the mean difference of pixels, 0 to 1.
    """
    sights = [Sight.from_record(each.record) for each in (a, b)]
    length = None if measure is None else measure.between(*sights)
    if length is None:
        length = chord(*(Embedding.from_record(each.record) for each in (a, b)))
    if length is None:
        return float(np.abs(a.picture.astype(np.int16) - b.picture).mean() / 255)
    return length


def weigh(renderer: Renderer, genome: Genome, measure: Measure | None = None) -> dict[str, float]:
    """Return what each word of a genome does, by a renderer that has nothing else to do meanwhile.

    Raises:
        RenderError: One of the pictures cannot be painted.
    """
    variants = genome.prompt.without_each()
    jobs = [Job(0, genome)]
    jobs += [Job(k, replace(genome, prompt=p)) for k, p in enumerate(variants.values(), start=1)]
    painted: dict[int, Finished] = {}
    for event in paint(renderer, jobs if variants else []):
        if isinstance(event, Failed):
            raise RenderError(event.error)
        if isinstance(event, Finished):
            painted[event.id] = event
    places = enumerate(variants, start=1)
    return {text: distance(painted[0], painted[k], measure) for k, text in places}
