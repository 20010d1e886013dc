"""The effect of each text of a prompt on its picture, which is painted once more without each.

Nothing of this is saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from evolve.genome import Genome, Prompt
from evolve.rendering.painting import painted, task_ids
from evolve.rendering.protocol import Failed, Finished, Job, Located, Renderer
from evolve.scoring.looks.distance import Measure
from evolve.scoring.looks.embedding import Embedding, chord
from evolve.scoring.looks.sight import Sight
from evolve.session import events


class Weighing:
    """Weighs the texts of one prompt at a time, beside other painting."""

    def __init__(self) -> None:
        self._individual, self._number = -1, 0
        self._lacks: dict[int, str] = {}
        """The text that each painting lacks; empty for the whole prompt."""
        self._painted: dict[int, Finished] = {}
        self._measure: Measure | None = None

    def begin(
        self,
        renderer: Renderer,
        individual: int,
        genome: Genome,
        number: int,
        measure: Measure | None = None,
    ) -> events.WordsWeighed | None:
        """Weigh the prompt of an individual instead of the one before.

        Return the answer to the request of this number if no text can be left out.
        """
        self.give_up(renderer)
        prompts = _prompts(genome)
        jobs = [Job(next(task_ids), replace(genome, prompt=each)) for each in prompts.values()]
        self._lacks = dict(zip((job.id for job in jobs), prompts, strict=True))
        if not jobs:
            return events.WordsWeighed(individual, {}, number)
        self._individual, self._number = individual, number
        self._measure, self._painted = measure, {}
        renderer.submit(jobs)
        return None

    def give_up(self, renderer: Renderer) -> int | None:
        """Stop weighing; return the number of the request, or None if no prompt was weighed."""
        if not (waiting := sorted(self._lacks.keys() - self._painted.keys())):
            return None
        renderer.cancel(waiting)
        self._lacks = {}
        return self._number

    def answer(self, renderer: Renderer, event: Finished | Located | Failed) -> events.Event | None:
        """Return what to report of the end of a task; None for nothing, and for other tasks."""
        if isinstance(event, Failed) and event.id in self._lacks:
            self.give_up(renderer)
            reason = f"the words cannot be weighed: {event.error}"
            return events.Refused(reason, "words", self._number)
        if not isinstance(event, Finished) or event.id not in self._lacks:
            return None
        self._painted[event.id] = event
        if len(self._painted) < len(self._lacks):
            return None
        by_text = {text: self._painted[id] for id, text in self._lacks.items()}
        effects = _effects(by_text, self._measure)
        return events.WordsWeighed(self._individual, effects, self._number)


def distance(a: Finished, b: Finished, measure: Measure | None) -> float:
    """Return the distance of two pictures.

    It is the population's measure if known, else the distance of their embeddings; for a renderer
    without embeddings the mean difference of pixels, 0 to 1.
    """
    sights = [Sight.from_record(each.record) for each in (a, b)]
    length = None if measure is None else measure.between(*sights)
    if length is None:
        length = chord(*(Embedding.from_record(each.record) for each in (a, b)))
    if length is None:
        return float(np.abs(a.picture.astype(np.int16) - b.picture).mean() / 255)
    return length


def weigh(renderer: Renderer, genome: Genome, measure: Measure | None = None) -> dict[str, float]:
    """Return the effect of each text of a prompt, by a renderer with no other work.

    Raises:
        RenderError: One of the pictures cannot be painted.
    """
    prompts = _prompts(genome)
    ends = painted(renderer, [replace(genome, prompt=each) for each in prompts.values()])
    return _effects(dict(zip(prompts, ends, strict=True)), measure)


def _effects(by_text: Mapping[str, Finished], measure: Measure | None) -> dict[str, float]:
    """Return the effect of each text, from the pictures of all prompts."""
    return {text: distance(by_text[""], one, measure) for text, one in by_text.items() if text}


def _prompts(genome: Genome) -> dict[str, Prompt]:
    """Return the prompt, as "", and those without each text; empty where none can be left out."""
    variants = genome.prompt.without_each()
    return {"": genome.prompt, **variants} if variants else {}
