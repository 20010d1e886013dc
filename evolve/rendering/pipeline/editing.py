"""Painting that starts from a base: image-to-image by depth, and a locked region by mask.

What belongs to the base is held on its trajectory, `a x + b n` at every level: all of the picture
until the depth is reached, then what is outside the mask (RePaint, Lugmayr et al. 2022, eq. 8, with
the base's latent and the genome's noise, so that there is hardly a seam). Held parts also get the
prediction that leads exactly to the base, for samplers that use earlier predictions. Where it is
held, the result is the base bit for bit, and the picture gets the bytes of the base.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evolve.genome.edit import Edit, painting_steps, pasted
from evolve.rendering.pipeline.noise_injection import Layout
from evolve.rendering.pipeline.noise_levels import Level, exact_prediction
from evolve.session.archive import Picture


class Anchor:
    """Holds a sample on the trajectory of a base, where and as long as an edit asks for it."""

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
            steps: Number of steps of the sampler.
            depth: Share of them, the last ones, that paint; at least one does.
        """
        self._clean, self._noise, self._free = clean, noise, free
        self._start = steps - painting_steps(steps, depth)

    def idle(self, step: int) -> bool:
        """Return whether the prediction of this step (from 0) has no effect."""
        return step < self._start

    def sample(self, step: int, level: Level, sample: torch.Tensor) -> torch.Tensor:
        """Return the sample before `step` (from 0), held: outside, and until it begins, the base's.

        It is of the sampler's own shape, at this noise level.
        """
        held = level.mix(self._clean, self._noise)
        if self._start and step <= self._start:
            return held
        return torch.where(self._free, sample, held)

    def prediction(
        self, sampler: Any, step: int, level: Level, prediction: torch.Tensor
    ) -> torch.Tensor:
        """Return the prediction to use in `step`, of the shape of the denoiser's.

        Outside, and until painting begins, it leads from the genome's noise to the base.
        """
        exact = exact_prediction(sampler, level, self._clean, self._noise)
        return exact if self.idle(step) else torch.where(self._free, prediction, exact)


def holding(
    edit: Edit | None,
    noise: NDArray[np.float16],
    tensor: Callable[[NDArray[np.float16]], torch.Tensor],
) -> Callable[[Layout, int], Anchor] | None:
    """Return what makes the anchor of an edited picture; None if nothing is held.

    `noise` is that of the genome, (channels, height, width); `tensor` moves a latent to the device.
    """
    if edit is None or (edit.mask is None and edit.depth == 1):
        return None

    def anchor(layout: Layout, steps: int) -> Anchor:
        clean = tensor(edit.base.latent)
        free = torch.ones_like(clean, dtype=torch.bool)
        if edit.mask is not None:
            free &= torch.from_numpy(edit.mask.copy()).to(free.device)
        parts = map(layout.packed, (clean, tensor(noise), free))
        return Anchor(*parts, steps=steps, depth=edit.depth)

    return anchor


def paste(picture: Picture, edit: Edit) -> Picture:
    """Return the picture with the base's bytes outside the mask, and a soft edge inside it."""
    base, mask = edit.base.picture, edit.mask
    return picture if base is None or mask is None else pasted(picture, base, mask)
