"""Where a picture changes with its words: the difference of the model's predictions, cell by cell.

With the clean latent x of a picture and noise e, x_s = (1 - s) x + s e is what the denoiser sees at
level s (in the sampler's own scale). For two phrasings of its prompt, c and d,

    D(c, d) = mean over s and e of sum over channels |v(x_s; c) - v(x_s; d)|

where v is the flow that the prediction implies (of epsilon, v or x alike), and e is the same for
both, since otherwise noise would hide the difference (DiffEdit, Couairon et al. 2022, section 3.2).
With D and D0 the differences of the change and of a neutral paraphrase, the map is

    Z = (D - NEUTRAL D0) / MAD(D0)

since edges, and whatever else reacts to any change of words, react to a paraphrase too. For D0 the
genome's noise is enough.

Each phrasing with each noise is one call of the pipeline, in a fibre of its own: it is held on the
trajectory of the picture, calls the denoiser only at the examined levels, and ends after the last.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evolve.errors import GenomeError
from evolve.genome import Genome, Prompt
from evolve.genome.masks import Map, in_one_piece, widened
from evolve.genome.noise import numbered
from evolve.genome.settings import Settings
from evolve.models.families.defaults import is_guidance_an_input
from evolve.models.words.phrasing import Phrasings
from evolve.rendering.batching.proxy import Proxy
from evolve.rendering.pipeline.call import call
from evolve.rendering.pipeline.editing import Anchor
from evolve.rendering.pipeline.noise_injection import Layout
from evolve.rendering.pipeline.noise_levels import (
    Level,
    exact_prediction,
    levels,
    predicted_clean,
)
from evolve.rendering.pipeline.ready_model import ReadyModel
from evolve.rendering.protocol import Locate, Located

LEVELS = (0.65, 0.75, 0.85)
"""Shares of noise that are examined. At lower ones the picture decides more than the words; at
higher ones hardly anything of the picture is left."""
LARGE = (0.75, 0.85, 0.95)
"""The same for hair and hats: large areas of one colour are visible through more noise, so that at
lower levels the words change only their outline."""
NEUTRAL = 0.5
"""Share of D0 that is subtracted: all of it would be too much, since a paraphrase also changes what
the words are about."""
FRESH = 3
"""Noises besides the genome's, the same for every picture."""
STEPS = 20
"""Steps of the sampler, among which the levels are chosen; most cost nothing."""

Tensor = torch.Tensor


def locate(task: Locate, ready: ReadyModel, *, looked: Callable[[int, int], None]) -> Located:
    """Return where a picture changes with its words; called inside a fibre.

    `looked` is called at every step with the number of levels that were examined, and the most
    there will be; what it raises ends the search.

    Raises:
        GenomeError: The latent and the noise have different shapes; a prediction is not finite.
    """
    settings, eps = task.genome.settings, list(noises(task.genome))
    words = task.phrasings
    asked = [*((words.before, each) for each in eps), *((words.after, each) for each in eps)]
    asked.append((words.neutral, eps[0]))
    shares = LARGE if words.is_large else LEVELS
    found = look(asked, task.latent, settings, ready, shares=shares, looked=looked)
    before, after, neutral = found[: len(eps)], found[len(eps) : -1], found[-1:]
    changed = changes(words, before, after, neutral)
    if not np.isfinite(changed).all():
        raise GenomeError("what the model predicts came out as not-a-number: get the model again")
    rows = settings.steps * settings.rows
    return Located(task.id, changed, found[..., 0, 0, 0].numel() / rows)


def changes(words: Phrasings, before: Tensor, after: Tensor, neutral: Tensor) -> Map:
    """Return where a picture changes, (height, width), from flows as `look` returns them.

    Hair reaches beyond where it surely changes, and its ends would stay visible.
    """
    changed = standing_out(difference(before, after), difference(before[:1], neutral))
    if words.is_whole:
        changed = in_one_piece(changed)
    return widened(changed) if words.is_large else changed


def look(
    asked: Sequence[tuple[Prompt, NDArray[np.float16]]],
    latent: NDArray[np.float16],
    settings: Settings,
    ready: ReadyModel,
    *,
    shares: Sequence[float] = LEVELS,
    looked: Callable[[int, int], None] = lambda done, total: None,
) -> Tensor:
    """Return the flow that phrasings imply, each with a noise, at each level.

    Args:
        asked: Phrasings, each with a noise.
        latent: Clean, (channels, height, width), of the shape of the noises.
        settings: Settings of the genome. Its sampler is used; its guidance only if it is an input
            of the denoiser, since otherwise it would only multiply the difference.
        ready: The model.
        shares: Shares of noise to examine.
        looked: As `locate` takes it.

    Returns:
        (phrasings, levels, channels, height, width) float32.
    """
    for _, noise in asked:
        require_one_shape(latent, noise)
    clean = ready.tensor(latent)
    config: Any = ready.model.denoiser.config
    guidance = settings.guidance_scale if is_guidance_an_input(config) else 1.0
    settings = replace(settings, steps=STEPS, guidance_scale=guidance, cut_guidance=None)
    found: list[list[Tensor]] = [[] for _ in asked]

    def watch() -> None:
        looked(sum(map(len, found)), len(found) * len(shares))

    def probe(place: int) -> None:
        prompt, noise = asked[place]
        eps, into = ready.tensor(noise), found[place]
        with contextlib.suppress(_Enough):
            call(
                ready.known,
                Proxy(ready.hub, ready.known.forms, beside=settings.loras, idle=True),
                eps.cpu(),
                prompt,
                settings,
                anchor=lambda layout, steps: _Watch(layout, clean, eps, shares, into),
                before=lambda step, of, clean: watch(),
            )
        watch()

    ready.hub.gather([functools.partial(probe, place) for place in range(len(asked))])
    return torch.stack([torch.stack(each) for each in found])


def require_one_shape(latent: NDArray[np.float16], noise: NDArray[np.float16]) -> None:
    """Raise a GenomeError if a latent has not the shape of a noise."""
    if noise.shape != latent.shape:
        raise GenomeError(f"the latent has shape {latent.shape}, but the noise has {noise.shape}")


def noises(genome: Genome) -> Iterator[NDArray[np.float16]]:
    """Yield the noises to examine a picture with, all of one shape: its own, then others."""
    yield genome.noise
    for k in range(FRESH):
        yield numbered(k, genome.noise.shape, "locate")


def difference(one: Tensor, other: Tensor) -> NDArray[np.float64]:
    """Return D, (height, width), of flows (..., channels, height, width) of the same noises."""
    apart: NDArray[np.float64] = (one - other).abs().sum(-3).double().cpu().numpy()
    mean: NDArray[np.float64] = apart.reshape(-1, *apart.shape[-2:]).mean(0)
    return mean


def standing_out(changed: NDArray[np.float64], neutral: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return Z, (height, width), of D for a change and D for a neutral paraphrase."""
    spread = float(np.median(np.abs(neutral - np.median(neutral))))
    found: NDArray[np.float32] = ((changed - NEUTRAL * neutral) / (spread or 1.0)).astype(
        np.float32
    )
    return found


class _Enough(Exception):
    """All levels have been examined."""


class _Watch(Anchor):
    """Holds all of a sample on the trajectory of a picture, and keeps what is predicted."""

    def __init__(
        self,
        layout: Layout,
        latent: Tensor,
        noise: Tensor,
        shares: Sequence[float],
        found: list[Tensor],
    ) -> None:
        self._layout, self._shares, self._found = layout, shares, found
        self._latent, self._eps = layout.packed(latent), layout.packed(noise)
        self._looked: list[int] = []

    def idle(self, step: int) -> bool:
        """Return whether this step (from 0) is not examined."""
        return step not in self._looked

    def sample(self, step: int, level: Level, sample: Tensor) -> Tensor:
        """Return the sample before `step`, held."""
        return level.mix(self._latent, self._eps)

    def prediction(self, sampler: Any, step: int, level: Level, prediction: Tensor) -> Tensor:
        """Keep what is predicted, and return what leads back to the picture.

        Raises:
            _Enough: It is the last step that is examined.
        """
        if not step:
            self._looked = _nearest(levels(sampler) or [], self._shares)
        if step in self._looked:
            sample = self.sample(step, level, prediction)
            clean = predicted_clean(sampler, level, prediction, sample)
            both = level.signal + level.noise
            flow = (sample / both - clean) * (both / level.noise)
            self._found.append(self._layout.spatial(flow.float()))
            if step == self._looked[-1]:
                raise _Enough
        return exact_prediction(sampler, level, self._latent, self._eps)


def _nearest(found: Sequence[Level], shares: Sequence[float]) -> list[int]:
    """Return the steps whose shares of noise are nearest to `shares`, each once, in order.

    Never the first step, whose sample is not held yet.
    """
    known = np.array([each.noise / (each.signal + each.noise) for each in found[1:-1]])
    return sorted({1 + int(np.abs(known - share).argmin()) for share in shares})
