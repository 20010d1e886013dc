"""Painting that starts from a base: image-to-image by depth, and a locked region by mask.

What belongs to the base is held on the base's own trajectory, `a x + b n` at every level: all of
the picture until the depth is reached, from there on what lies outside the mask (RePaint, Lugmayr
et al. 2022, eq. 8, with the base's latent and its own noise, so that there is hardly a seam). Held
parts are also given the prediction that leads exactly to the base, so that samplers that remember
earlier predictions remember the base's. The end is the base bit for bit where it is held, and the
picture gets the base's very bytes there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evolve.genome.edit import Edit
from evolve.rendering.pipeline.noise_levels import Level, exact_prediction
from evolve.session.archive import Picture


class Anchor:
    """Holds a sample on the trajectory of a base, where and as long as an edit says so."""

    def __init__(
        self,
        clean: torch.Tensor,
        noise: torch.Tensor,
        free: torch.Tensor,
        *,
        steps: int,
        depth: float,
    ) -> None:
        """Hold a picture of `steps` steps.

        Args:
            clean: Latent of the base, of the shape of the sampler's samples.
            noise: Noise of the genome, of that shape.
            free: bool of that shape, True where the picture is repainted.
            steps: How many steps the sampler takes.
            depth: Share of them that paint, the last ones; at least one does.
        """
        self._clean, self._noise, self._free = clean, noise, free
        self._start = steps - min(steps, max(1, round(depth * steps)))

    def idle(self, step: int) -> bool:
        """Return whether what the denoiser predicts in this step (from 0) is of no consequence."""
        return step < self._start

    def sample(self, step: int, level: Level, sample: torch.Tensor) -> torch.Tensor:
        """Return the sample before `step`, held."""
        held = level.mix(self._clean, self._noise)
        if self._start and step <= self._start:
            return held
        return torch.where(self._free, sample, held)

    def prediction(
        self, sampler: Any, step: int, level: Level, prediction: torch.Tensor
    ) -> torch.Tensor:
        """Return what the denoiser is taken to have predicted in `step`."""
        exact = exact_prediction(sampler, level, self._clean, self._noise)
        return exact if self.idle(step) else torch.where(self._free, prediction, exact)


def paste(picture: Picture, edit: Edit) -> Picture:
    """Return the picture with the base's bytes outside the mask, and a soft edge inside it."""
    base, mask = edit.base.picture, edit.mask
    if base is None or mask is None:
        return picture
    cell = picture.shape[0] // mask.shape[0]
    share = _feathered(mask.repeat(cell, 0).repeat(cell, 1), cell // 2)[..., None]
    mixed = (share * picture + (1 - share) * base).round().astype(np.uint8)
    return np.where(share > 0, mixed, base)


def _feathered(mask: NDArray[np.bool_], width: int) -> NDArray[np.float32]:
    """Return 0 outside `mask` and, inside, a share that rises to 1 over `width` pixels."""
    share = mask.astype(np.float32)
    inner = mask
    for _ in range(width):
        padded = np.pad(inner, 1, constant_values=True)  # the picture's border is no edge
        across = padded[:, :-2] & padded[:, 1:-1] & padded[:, 2:]
        inner = across[:-2] & across[1:-1] & across[2:]
        share += inner
    return share / np.float32(width + 1)
