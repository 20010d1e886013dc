"""Guidance by cuts: while a picture is painted, it is led to agree better with its words.

At each step the predicted clean latent is decoded and cut as for a cut score. The latent is moved
along the gradient of the agreement of the cuts with the words, according to a CLIP, as in Disco
Diffusion (Crowson et al. 2021). But here the denoiser's prediction is taken as given: nothing is
differentiated through it, and its forwards stay shared. And only the direction of the gradient
counts, so that a strength means the same for any CLIP, decoder and size. Each picture is guided
alone, so that its bits depend on no other.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from evolve.errors import GenomeError
from evolve.genome import Prompt
from evolve.models.loading import LoadedModel
from evolve.rendering.pipeline.encoding import Way, painted
from evolve.rendering.pipeline.noise_levels import Level
from evolve.scoring.clip import Clip
from evolve.scoring.cuts import Cut, inner_cuts, overview_cuts
from evolve.scoring.looks.embedders import clip_fingerprint, clip_in

INNER = 4
"""Inner cuts of each step: others in every step, and none of those that a score uses."""


class Guides:
    """Makes guides by the CLIP that comes with a model, which is loaded for the first one."""

    def __init__(self, model: LoadedModel) -> None:
        """Guide what is painted on `model`."""
        self._model = model

    @functools.cached_property
    def fingerprint(self) -> str:
        """Fingerprint of the CLIP's weights, on which the picture depends."""
        return clip_fingerprint(self._folder)

    @functools.cached_property
    def _clip(self) -> Clip:
        return clip_in(self._folder, self._model.device)

    @property
    def _folder(self) -> Path:
        if self._model.clip is None:
            raise GenomeError(
                f"model '{self._model.info.name}' brings no CLIP to guide by: "
                "create the population without cut guidance"
            )
        return self._model.clip

    def guide(self, prompt: Prompt, strength: float, way: Way) -> CutGuide:
        """Return what leads a picture to its prompt.

        Raises:
            GenomeError: The model brings no CLIP.
            ModelError: It brings one that cannot be used.
        """
        return CutGuide(
            functools.partial(painted, self._model.pipeline.vae, way),
            functools.partial(self._clip.agreement, prompt=prompt),
            side=self._clip.side,
            strength=strength,
        )


class CutGuide:
    """Steers one picture; see `evolve.rendering.pipeline.steps.Steer`."""

    def __init__(
        self,
        decode: Callable[[torch.Tensor], torch.Tensor],
        agreement: Callable[[torch.Tensor], torch.Tensor],
        *,
        side: int,
        strength: float,
    ) -> None:
        """Guide to where `agreement` is higher.

        Args:
            decode: From a latent (channels, height, width) to its picture, (3, height, width) from
                0 to 1; differentiable.
            agreement: From views (n, 3, side, side), from 0 to 1, to n numbers; differentiable.
            side: Of the views, in pixels.
            strength: Root mean square of the step in pure noise, in units of the latent; it falls
                with the noise, to nothing at the end.
        """
        self._decode, self._agreement = decode, agreement
        self._side, self._strength = side, strength

    def __call__(self, step: int, level: Level, clean: torch.Tensor) -> torch.Tensor:
        """Return the clean latent to go on with, from the one predicted in `step` at `level`."""
        noise = level.noise / math.hypot(level.signal, level.noise)
        overview = overview_cuts()
        with torch.enable_grad():
            latent = clean.detach().requires_grad_()
            cuts = [*overview, *inner_cuts(INNER, seed=step)]
            numbers = self._agreement(views_of(self._decode(latent), cuts, self._side))
            # At first the whole counts, later the parts.
            whole, parts = numbers[: len(overview)].mean(), numbers[len(overview) :].mean()
            (uphill,) = torch.autograd.grad(noise * whole + (1 - noise) * parts, latent)
        length = float(uphill.square().mean().sqrt())
        if not 0 < length < math.inf:  # black, or not a number: there is no direction
            return clean
        return clean + self._strength * noise / length * uphill


def views_of(picture: torch.Tensor, cuts: Sequence[Cut], side: int) -> torch.Tensor:
    """Return cuts of a (3, height, width) picture as (n, 3, side, side), differentiably.

    It takes two small matrices for each cut and no scattered sums, so that gradients are
    reproducible on any device.
    """
    height, width = picture.shape[1:]
    rows, columns = [], []
    for cut in cuts:
        left, top, right, bottom = cut.box(width, height)
        rows.append(_resampling(top, bottom, height, side))
        across = _resampling(left, right, width, side)
        columns.append(across.flip(0) if cut.flipped else across)
    down, across = (torch.stack(each).to(picture) for each in (rows, columns))
    return torch.einsum("nyh,chw,nxw->ncyx", down, picture, across)


def _resampling(start: float, end: float, size: int, side: int) -> torch.Tensor:
    """Return the weights, (side, size), of pixels in a stretch of them: triangles that overlap."""
    scale = (end - start) / side
    centres = start + (torch.arange(side, dtype=torch.float64) + 0.5) * scale
    places = torch.arange(size, dtype=torch.float64) + 0.5
    weights = (1 - (places - centres[:, None]).abs() / max(1.0, scale)).clamp(min=0)
    return weights / weights.sum(1, keepdim=True)
