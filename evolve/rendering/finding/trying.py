"""Tries: what an edit would paint by words of several weights, and from several noises.

The first round has every weight, all from one noise. If some do not show the thing, a second round
has other noises: children that begin near a noise that showed it mostly show it too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from evolve.genome import Genome
from evolve.genome.edit import Base, Edit
from evolve.genome.masks import located, stands_out
from evolve.genome.noise import TRIES, numbered
from evolve.rendering.protocol import Locate, Located
from evolve.scoring.wanted import SURE, shown

MORE = 3
"""Tries of the second round."""

Chances = Callable[[Sequence[Genome]], Sequence[float]]
"""Paints tries; returns how surely each shows the thing, as a logarithm."""


def is_placed(task: Locate, found: Located) -> bool:
    """Return whether there is a place: one that the task gives, or one that stands out."""
    return task.place is not None or stands_out(found.difference)


def tried(task: Locate, found: Located, guidance: float, chances: Chances) -> Located:
    """Return a place with how surely each phrasing with the thing shows it there.

    Args:
        task: The picture and the words; plain phrasings are not tried.
        found: The place. Nothing is tried if none stands out: then a person marks one.
        guidance: Guidance scale of all tries.
        chances: Paints and reads tries.
    """
    said = task.phrasings
    if not said.thing or not is_placed(task, found):
        return found
    mask = located(found.difference) if task.place is None else task.place
    prompts = (said.after, *said.stronger)
    settings = replace(task.genome.settings, guidance_scale=guidance)
    begun = replace(task.genome, settings=settings, edit=Edit(Base(task.latent), 1.0, mask))

    def child(prompt: int, k: int) -> Genome:
        fresh = numbered(k, begun.noise.shape, TRIES)
        return replace(begun, noise=np.where(mask, fresh, begun.noise), prompt=prompts[prompt])

    tries = [(prompt, 0) for prompt in range(len(prompts))]
    seen = list(chances([child(*each) for each in tries]))
    if min(seen) < SURE:
        best = shown(seen)[:1] or [len(prompts) - 1, max(0, len(prompts) - 2)]
        more = [(best[k % len(best)], k + 1) for k in range(MORE)]
        seen += chances([child(*each) for each in more])
        tries += more
    by_prompt = tuple(
        max(chance for (prompt, _), chance in zip(tries, seen, strict=True) if prompt == each)
        for each in range(len(prompts))
    )
    return replace(
        found,
        chances=by_prompt,
        near=_near(tries, seen, by_prompt),
        guidance=guidance,
        cost=found.cost + len(tries),
    )


def _near(
    tries: Sequence[tuple[int, int]], seen: Sequence[float], by_prompt: Sequence[float]
) -> tuple[int, ...]:
    """Return the noises that show the thing, the surest first; none if all of them do."""
    if not (words := shown(by_prompt)) or len(shown(seen)) == len(seen):
        return ()
    chances = {k: c for (p, k), c in zip(tries, seen, strict=True) if p == words[0]}
    numbers = list(chances)
    came = [numbers[place] for place in shown(list(chances.values()))]
    if len(came) == len(numbers) > MORE:
        return ()
    return tuple(sorted(came, key=lambda k: -chances[k]))
