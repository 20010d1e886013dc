"""Finding the place of a thing in a picture, and the words by which it appears there."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from evolve.genome import Genome
from evolve.genome.noise import numbered
from evolve.rendering.finding.trying import is_placed, tried
from evolve.rendering.pipeline.call import CallResult
from evolve.rendering.pipeline.locating import locate, require_one_shape
from evolve.rendering.pipeline.ready_model import ReadyModel
from evolve.rendering.protocol import Locate, Located
from evolve.scoring.wanted import shown
from evolve.scoring.wanted_scores import WantedScores
from evolve.text import one_line

PICTURES = 3
"""Other pictures in which a thing is looked for at most."""

Looked = Callable[[int, int], None]


class Finder:
    """Finds places with one model, inside a fibre."""

    def __init__(
        self,
        ready: ReadyModel,
        *,
        wanted: WantedScores,
        paint: Callable[[int, Genome], CallResult],
    ) -> None:
        """Find places; `wanted` reads pictures, `paint` paints a genome for the task of an id."""
        self._ready = ready
        self._wanted, self._paint = wanted, paint

    def find(self, task: Locate, looked: Looked) -> Located:
        """Return where a picture changes with its words, and how surely tries show the thing.

        If a thing has no place or does not appear by all the words (it may be lost among them, or
        beyond what the model reads), words for the thing and the style alone are tried. If it still
        has no place, that in another picture is used. `looked` is as `locate` takes it.
        """
        require_one_shape(task.latent, task.genome.noise)
        view = self._wanted.view(task)
        task = replace(task, phrasings=view.phrasings)
        found = self._tried(task, self._place(task, looked))
        look = view.look
        if task.phrasings.focused is not None and not _comes(task, found):
            task = replace(task, phrasings=task.phrasings.focused.in_look(view.colours))
            other = self._tried(task, self._place(task, looked))
            better = _comes(task, other) or not is_placed(task, found)
            cost = found.cost + other.cost
            found = replace(other, focused=True, cost=cost) if better else replace(found, cost=cost)
            look = ", ".join(filter(None, (look, view.colours))) if better else look
        where = ""
        if not is_placed(task, found):
            found = self._elsewhere(task, found, looked)
            if is_placed(task, found):
                where = "no place stands out in this picture: placed as in another one"
        how = self._wanted.remark(view, found.chances)
        if found.focused and shown(found.chances):
            how = f"it comes by words for it alone: '{one_line(str(task.phrasings.after))}'"
        remark = "; ".join(filter(None, (how, where)))
        return replace(found, look=look, remark=remark)

    def _place(self, task: Locate, looked: Looked) -> Located:
        if task.place is not None:
            return Located(task.id, task.place.astype(np.float32), 0.0)
        return locate(task, self._ready, looked=looked)

    def _tried(self, task: Locate, found: Located) -> Located:
        """Return the place with how surely tries show the thing there."""
        guidance = self._wanted.lead(task.genome.settings)
        if guidance is None:
            return found

        def chance(genome: Genome) -> float:
            picture = self._paint(task.id, genome).picture
            return self._wanted.chance(picture, genome, task.phrasings.thing)

        def chances(tries: Sequence[Genome]) -> list[float]:
            return self._ready.hub.gather([functools.partial(chance, genome) for genome in tries])

        return tried(task, found, guidance, chances)

    def _elsewhere(self, task: Locate, found: Located, looked: Looked) -> Located:
        """Return the place of the thing in another picture, which is painted with it.

        The first other picture has the same noise, and so mostly the same composition.
        """
        shape, said = task.genome.noise.shape, task.phrasings
        for k in range(PICTURES if said.before != said.after else 0):
            noise = numbered(k, shape, "elsewhere") if k else task.genome.noise
            genome = replace(task.genome, noise=noise, prompt=said.after, edit=None)
            latent = self._paint(task.id, genome).latent.numpy().astype(np.float16)
            there = self._place(replace(task, genome=genome, latent=latent), looked)
            found = replace(found, cost=found.cost + 1 + there.cost)
            if is_placed(task, there):
                return self._tried(task, replace(found, difference=there.difference))
        return found


def _comes(task: Locate, found: Located) -> bool:
    """Return whether a thing has a place, and tries, if there were any, show it there."""
    return is_placed(task, found) and (not found.chances or bool(shown(found.chances)))
