"""What a model paints with by default: steps, guidance, sampler and size.

All of it follows from configuration files: the weights need not be there. Families start with what
their makers advise. Distilled kinds (turbo, lightning, LCM, schnell, ...) paint in a few steps and
mostly without guidance; they are recognised by their scheduler, their denoiser or their name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evolve.errors import ModelError
from evolve.genome.settings import Settings
from evolve.models.families.distilled_names import is_distilled_model, named_steps

Config = Mapping[str, Any]

FAMILIES: Mapping[str, tuple[int, float]] = {
    "StableDiffusionPipeline": (25, 7.5),
    "StableDiffusionXLPipeline": (30, 6.0),
    "StableDiffusion3Pipeline": (28, 5.0),
    "FluxPipeline": (28, 3.5),
    "FluxKontextPipeline": (28, 3.5),
    "Flux2Pipeline": (28, 4.0),
    "Flux2KleinPipeline": (28, 4.0),
    "SanaPipeline": (20, 4.5),
    "SanaSprintPipeline": (2, 4.5),
    "PixArtAlphaPipeline": (20, 4.5),
    "PixArtSigmaPipeline": (20, 4.5),
    "Lumina2Pipeline": (30, 4.0),
    "QwenImagePipeline": (40, 4.0),
    "ZImagePipeline": (28, 4.0),
    "ChromaPipeline": (35, 5.0),
    "HunyuanDiTPipeline": (30, 5.0),
    "CogView4Pipeline": (40, 4.0),
    "AuraFlowPipeline": (30, 3.5),
    "KolorsPipeline": (30, 5.0),
    "Krea2Pipeline": (28, 4.5),
    "HunyuanImagePipeline": (50, 3.5),
    "CogView3PlusPipeline": (50, 5.0),
    "OvisImagePipeline": (50, 5.0),
    "BriaPipeline": (30, 5.0),
    "BriaFiboPipeline": (30, 5.0),
    "HiDreamImagePipeline": (50, 5.0),
    "Kandinsky5T2IPipeline": (50, 3.5),
    "LongCatImagePipeline": (50, 4.5),
    "PRXPipeline": (28, 4.0),
    "GlmImagePipeline": (50, 1.5),
    "ErnieImagePipeline": (50, 4.0),
    "NucleusMoEImagePipeline": (50, 4.0),
    "LatentConsistencyModelPipeline": (4, 8.5),
}
"""Steps and guidance by pipeline; others get `USUAL`."""

USUAL = (28, 5.0)

FEW = 4
"""Steps of distilled models whose name gives no number."""
FEWER: Mapping[str, int] = {"ZImagePipeline": 8, "HunyuanImagePipeline": 8}
"""Pipelines for which the makers advise another number."""

LARGEST = 8192
"""Pixels of a side beyond which a configuration counts as damaged."""

MOST = 1 << 23
"""Numbers of noise, likewise; the largest models have some hundred thousand for a picture."""

DEEPEST = 16
"""Halvings of a side that a configuration may name; more would leave nothing of any picture."""

_LCM = ("LCMScheduler", "FlowMatchLCMScheduler", "TCDScheduler", "SCMScheduler")


@dataclass(frozen=True, slots=True)
class LatentCanvas:
    """The latent a model paints on, at its own size."""

    latent: tuple[int, int, int]
    """Channels, height, width, before any packing."""
    scale: int
    """Pixels per latent cell, in each direction."""
    unit: int
    """Width and height in pixels must be multiples of this."""


def require_size(model: str, unit: int, width: int, height: int) -> None:
    """Refuse a size in pixels that a model cannot paint: its sides must be multiples of `unit`.

    Raises:
        ModelError: The message names the sizes that fit.
    """
    largest = LARGEST // 2
    if any(side % unit or not unit <= side <= largest for side in (width, height)):
        raise ModelError(
            f"size {width}x{height} does not fit model '{model}': "
            f"width and height must be multiples of {unit}, up to {largest}"
        )


def settings_for(
    name: str, kind: str, denoiser: Config, scheduler: Config, index: Config
) -> Settings:
    """Return the settings that founders start with, by configurations and names.

    The name of a model often says how it was distilled; `kind` is the class name of its pipeline.
    """
    steps, guidance = FAMILIES.get(kind, USUAL)
    flow = "FlowMatch" in str(scheduler.get("_class_name")) or bool(
        scheduler.get("use_flow_sigmas")
    )
    sampler = "euler" if flow else "dpm++"
    embedded = is_guidance_an_input(denoiser)
    if _is_distilled(name, kind, denoiser, scheduler, index):
        # Guidance that is an input of the denoiser stays: it costs nothing and was trained with.
        return Settings(
            guidance_scale=guidance if embedded else 1.0,
            steps=min(steps, named_steps(name) or FEWER.get(kind, FEW)),
            sampler="euler",
        )
    return Settings(guidance_scale=guidance, steps=steps, sampler=sampler)


def is_guidance_an_input(denoiser: Config) -> bool:
    """Return whether a denoiser takes the guidance scale as an input, as distilled kinds do."""
    return bool(denoiser.get("guidance_embeds") or denoiser.get("time_cond_proj_dim"))


def canvas_for(
    name: str, vae: Config, denoiser: Config, *, cells: int | None = None
) -> LatentCanvas:
    """Return the latent at the model's own size, from the configurations of its two halves.

    It has `cells` in each direction if the denoiser's configuration gives no size; None for
    1024 pixels.

    Raises:
        ModelError: The VAE is of an unknown kind, or a size is invalid.
    """
    if stated := vae.get("scale_factor_spatial") or vae.get("spatial_compression_ratio"):
        scale = int(stated)
        if not 0 < scale <= 2**DEEPEST:
            raise ModelError(f"model '{name}' has an invalid configuration: {scale} pixels a cell")
    elif "temperal_downsample" in vae:  # a video VAE, used for single frames
        halvings = min(DEEPEST, len(vae["temperal_downsample"]))
        scale = 2**halvings * min(2**DEEPEST, int(vae.get("patch_size") or 1))
    else:
        blocks = vae.get("encoder_block_out_channels") or vae.get("block_out_channels")
        if not blocks:
            raise ModelError(f"model '{name}' has a VAE of an unknown kind: choose another model")
        scale = 2 ** min(DEEPEST, len(blocks) - 1)
    channels = int(vae.get("latent_channels") or vae.get("z_dim") or denoiser["in_channels"])
    side = denoiser.get("sample_size") or cells or 1024 // scale
    height, width = (int(n) for n in (side if isinstance(side, list) else (side, side)))
    if not (0 < width <= LARGEST // scale and 0 < height <= LARGEST // scale):
        raise ModelError(
            f"model '{name}' has an invalid configuration: pictures of "
            f"{_shown(width * scale)}x{_shown(height * scale)} pixels"
        )
    if not 0 < channels * height * width <= MOST:
        raise ModelError(
            f"model '{name}' has an invalid configuration: "
            f"noise of {_shown(channels)} channels of {width}x{height}"
        )
    blocks = denoiser.get("block_out_channels")
    if blocks and len(blocks) > DEEPEST:
        raise ModelError(f"model '{name}' has an invalid configuration: {len(blocks)} levels")
    halvings = 2 ** (len(blocks) - 1) if blocks else 2  # transformers see patches of 2 x 2
    return LatentCanvas((channels, height, width), scale, scale * halvings)


def _shown(number: int) -> str:
    return str(number) if abs(number) < 10**9 else f"{number:.1e}" if abs(number) < 10**300 else "?"


def _is_distilled(name: str, kind: str, denoiser: Config, scheduler: Config, index: Config) -> bool:
    if index.get("is_distilled") or scheduler.get("_class_name") in _LCM:
        return True
    if denoiser.get("time_cond_proj_dim"):  # LCM: guidance is an input of the UNet
        return True
    if kind == "FluxPipeline" and denoiser.get("guidance_embeds") is False:  # schnell
        return True
    # Stable Diffusion's turbo kinds; other models sample with trailing steps for other reasons.
    trailing = scheduler.get("timestep_spacing") == "trailing"
    euler = str(scheduler.get("_class_name")).startswith("Euler")
    if trailing and euler and kind in ("StableDiffusionPipeline", "StableDiffusionXLPipeline"):
        return True
    # That Hunyuan-DiT was distilled to half its steps, not to a few.
    return kind != "HunyuanDiTPipeline" and is_distilled_model(name)
