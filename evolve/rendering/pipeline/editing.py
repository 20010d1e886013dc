"""Painting that starts from a base: image-to-image by depth, and a locked region by mask.

What belongs to the base is held on the base's own trajectory, `a x + b n` at every level: all of
the picture until the depth is reached, from there on what lies outside the mask (RePaint, Lugmayr
et al. 2022, eq. 8, with the base's latent and its own noise, so that there is hardly a seam). Held
parts are also given the prediction that leads exactly to the base, so that samplers that remember
earlier predictions remember the base's. The end is the base bit for bit where it is held, and the
picture gets the base's very bytes there.
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
        self._start = steps - painting_steps(steps, depth)

    def idle(self, step: int) -> bool:
        """Return whether what the denoiser predicts in this step (from 0) is of no consequence."""
        return step < self._start

    def sample(self, step: int, level: Level, sample: torch.Tensor) -> torch.Tensor:
        """Return the sample before `step` (from 0), held: outside, and until it begins, the base's.

        Args:
            step: The step that comes.
            level: Noise level of the sample.
            sample: In the sampler's own shape, as the result.
        """
        held = level.mix(self._clean, self._noise)
        if self._start and step <= self._start:
            return held
        return torch.where(self._free, sample, held)

    def prediction(
        self, sampler: Any, step: int, level: Level, prediction: torch.Tensor
    ) -> torch.Tensor:
        """Return what the denoiser is taken to have predicted in `step`, of the prediction's shape.

        Outside, and until painting begins, it is what leads from the genome's noise to the base.
        """
        exact = exact_prediction(sampler, level, self._clean, self._noise)
        return exact if self.idle(step) else torch.where(self._free, prediction, exact)


def holding(
    edit: Edit | None,
    noise: NDArray[np.float16],
    tensor: Callable[[NDArray[np.float16]], torch.Tensor],
) -> Callable[[Layout, int], Anchor] | None:
    """Return what holds a picture on its base in a number of steps; None if nothing has to.

    Args:
        edit: What the picture starts from, if not from noise alone.
        noise: Noise of the genome, (channels, height, width).
        tensor: Brings a latent to where it is painted.
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
