"""Between a denoiser's latents and those of a VAE: from pictures, and to them.

A pipeline moves, scales and shifts its latents before its VAE decodes them, each family in its own
way. The way is learnt, and inverted, by sending three known latents through the end of a call:
zeros show the shift, ones the scale, and numbered cells their places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from evolve.genome import Concept, Prompt
from evolve.genome.settings import Settings
from evolve.rendering.pipeline.call import KnownPipeline, call
from evolve.rendering.pipeline.editing import Anchor
from evolve.rendering.pipeline.noise_injection import Layout, places_of
from evolve.session.archive import Picture


@dataclass(frozen=True, slots=True)
class Way:
    """The way from a latent of the denoiser to what the VAE decodes: moved, scaled and shifted."""

    layout: Layout
    """Where the VAE's latents have the cells of the denoiser's."""
    scale: torch.Tensor
    shift: torch.Tensor
    """Both of the shape of the VAE's latents."""

    def latent(self, encoded: torch.Tensor) -> torch.Tensor:
        """Return the denoiser's latent, (channels, height, width) float32, of an encoded one."""
        return self.layout.spatial((encoded.float() - self.shift) / self.scale)

    def decoded(self, latent: torch.Tensor) -> torch.Tensor:
        """Return what the VAE decodes for such a latent; differentiable."""
        return self.layout.packed(latent) * self.scale + self.shift


class _Seen(Exception):
    """Carries what the VAE was to decode."""


def way_of(known: KnownPipeline, denoiser: nn.Module, like: torch.Tensor) -> Way:
    """Learn the way for latents of the shape and device of `like`; takes three short calls."""

    def decoded(latent: torch.Tensor) -> torch.Tensor:
        def held(layout: Layout, steps: int) -> Anchor:
            clean = layout.packed(latent)
            nothing = torch.zeros_like(clean)
            return Anchor(clean, nothing, nothing.bool(), steps=steps, depth=1.0)

        def seen(values: torch.Tensor, *args: Any, **kwargs: Any) -> None:
            raise _Seen(values)

        prompt, settings = Prompt((Concept("a"),)), Settings(guidance_scale=1.0, steps=1)
        try:
            call(known, denoiser, latent.cpu(), prompt, settings, anchor=held, decode=seen)
        except _Seen as what:
            values: torch.Tensor = what.args[0]
            return values.float()
        raise AssertionError("the pipeline decoded nothing")

    shift = decoded(torch.zeros_like(like))
    scale = decoded(torch.ones_like(like)) - shift
    numbered = torch.arange(like.numel(), dtype=torch.float32, device=like.device)
    moved = (decoded(numbered.reshape(like.shape)) - shift) / scale
    places = places_of(moved.cpu())
    return Way(Layout.of(places, like.shape, like.device), scale, shift)


def painted(vae: Any, way: Way, latent: torch.Tensor) -> torch.Tensor:
    """Return the picture of a latent of the denoiser, (3, height, width) from 0 to 1.

    It is differentiable if the VAE's decoder is.
    """
    image: torch.Tensor = vae.decode(way.decoded(latent).to(vae.dtype), return_dict=False)[0]
    return (image.float().reshape(3, *image.shape[-2:]) / 2 + 0.5).clamp(0, 1)


def encoded(vae: Any, picture: Picture, ndim: int) -> torch.Tensor:
    """Return (height, width, 3) bytes as a VAE encodes them, (1, ...) of `ndim` dimensions."""
    image = torch.from_numpy(picture.copy()).to(vae.device, vae.dtype).permute(2, 0, 1)[None]
    image = image / 127.5 - 1
    output = vae.encode(image if ndim == 4 else image[:, :, None])  # video VAEs take frames
    latent: torch.Tensor = (
        output.latent_dist.mode() if hasattr(output, "latent_dist") else output[0]
    )
    return latent
