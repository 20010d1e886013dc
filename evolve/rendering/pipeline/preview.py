"""Previews: small pictures of a predicted clean latent, while a picture is painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from evolve.rendering.batching.out_of_memory import is_memory_short
from evolve.rendering.pacing.later import Later
from evolve.rendering.pacing.unhurried import sent

SIDE = 256
"""Pixels of a side at most: previews are shown small, and sent often."""


class TinyPreview:
    """Previews by a tiny autoencoder (`evolve.models.tiny_vae`)."""

    def __init__(self, vae: Any) -> None:
        """Decode with `vae`, an `AutoencoderTiny`."""
        self._vae = vae

    def learn(self, latent: torch.Tensor, picture: NDArray[np.uint8]) -> None:
        """Do nothing: it is trained."""

    def paint(self, latent: torch.Tensor) -> Later | None:
        """Return the preview of a (c, h, w) latent, (h', w', 3) bytes, at most `SIDE` large."""
        try:
            image = self._vae.decode(latent[None].to(self._vae.dtype), return_dict=False)[0]
        except (RuntimeError, MemoryError) as error:
            if is_memory_short(error):  # the picture can do without
                return None
            raise
        factor = -(-max(image.shape[-2:]) // SIDE)
        small = torch.nn.functional.avg_pool2d(image, factor)[0].float() / 2 + 0.5
        return Later((small.clamp(0, 1) * 255).round().byte().permute(1, 2, 0))


class LinearPreview:
    """Previews whose RGB is a linear function of the channels of a cell, by least squares.

    A model may bring the factors; otherwise they are learnt from its first pictures.
    """

    def __init__(self, channels: int, factors: Sequence[Sequence[float]] | None = None) -> None:
        """Start with `factors`, (channels + 1, 3) for RGB in 0..1, or learn them."""
        self._given = None if factors is None else np.asarray(factors, dtype=np.float64)
        if self._given is not None and self._given.shape != (channels + 1, 3):
            raise ValueError(
                f"preview factors must have shape ({channels + 1}, 3), not {self._given.shape}"
            )
        self._xx = np.zeros((channels + 1, channels + 1))
        self._xy = np.zeros((channels + 1, 3))
        self._seen = 0
        self._fitted: dict[torch.device, tuple[torch.Tensor, torch.Tensor]] = {}

    def learn(self, latent: torch.Tensor, picture: NDArray[np.uint8]) -> None:
        """Add a latent (c, h, w) and its picture (H, W, 3), H a multiple of h, to the fit."""
        if self._given is not None or self._seen >= 64:
            return
        height, width = latent.shape[1:]
        side = picture.shape[0] // height
        rows = picture.reshape(height, side, -1).sum(1, dtype=np.uint32)  # faster than both at once
        cells = rows.reshape(height, width, -1, 3)
        small = cells.sum(2) / (side * cells.shape[2]) / 255
        x, y = _columns(latent), small.reshape(-1, 3)
        self._xx += x.T @ x
        self._xy += x.T @ y
        self._seen += 1
        self._fitted.clear()

    def paint(self, latent: torch.Tensor) -> Later | None:
        """Return the preview of a (c, h, w) latent, (h, w, 3); None before anything is learnt."""
        if self._given is None and not self._seen:
            return None
        if latent.device not in self._fitted:
            factors = torch.from_numpy(self._factors().astype(np.float32))
            fitted = sent(factors, latent.device)
            self._fitted[latent.device] = fitted[:-1], fitted[-1]
        scale, shift = self._fitted[latent.device]
        rgb = latent.detach().float().reshape(len(latent), -1).T @ scale + shift
        shape = *latent.shape[1:], 3
        return Later((rgb.reshape(shape).clamp(0, 1) * 255).round().byte())

    def _factors(self) -> NDArray[np.float64]:
        """Return the given factors, or those that fit best."""
        if self._given is not None:
            return self._given
        ridge = 1e-3 * np.trace(self._xx) / len(self._xx)
        factors: NDArray[np.float64] = np.linalg.solve(
            self._xx + ridge * np.eye(len(self._xx)), self._xy
        )
        return factors


def _columns(latent: torch.Tensor) -> NDArray[np.float64]:
    """Flatten (c, h, w) to (h * w, c + 1), the last column ones."""
    flat = latent.detach().to("cpu", torch.float64).reshape(len(latent), -1).T.numpy()
    return np.concatenate([flat, np.ones((len(flat), 1))], axis=1)
