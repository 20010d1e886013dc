"""Small pipelines of many families: their real classes, with few and random weights."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import diffusers
import flux_families as fluxes
import more_families as more
import text_families as texts
import torch
import transformer_families as transformers
import unet_families as unets

from evolve.models.families.defaults import canvas_for
from evolve.models.loading import LoadedModel, cast
from evolve.rendering.protocol import ModelInfo

FAMILIES: Mapping[str, Callable[[], Any]] = {
    "Stable Diffusion": unets.stable_diffusion,
    "Stable Diffusion, v": unets.v_prediction,
    "SD Turbo": unets.turbo,
    "LCM": unets.latent_consistency,
    "SDXL": unets.stable_diffusion_xl,
    "Stable Diffusion 3": transformers.stable_diffusion_3,
    "Flux dev": fluxes.flux,
    "Flux schnell": fluxes.flux_schnell,
    "Flux.2 klein": fluxes.flux_2,
    "Sana": transformers.sana,
    "Sana Sprint": transformers.sana_sprint,
    "Z-Image": transformers.z_image,
    "Qwen-Image": transformers.qwen_image,
    "PixArt Sigma": transformers.pixart,
    "Lumina 2": transformers.lumina_2,
    "Chroma": fluxes.chroma,
    "AuraFlow": transformers.aura_flow,
    "CogView 4": transformers.cogview_4,
}


MORE: Mapping[str, Callable[[], Any]] = {
    "Flux Kontext": partial(fluxes.flux, kind=diffusers.FluxKontextPipeline),
    "Hunyuan-DiT": more.hunyuan_dit,
    "HunyuanImage": more.hunyuan_image,
    "CogView 3 Plus": more.cogview_3,
    "Kolors": unets.kolors,
    "Krea 2": texts.krea_2,
    "Ovis": fluxes.ovis,
    "Bria": fluxes.bria,
    "FIBO": fluxes.bria_fibo,
    "HiDream": texts.hi_dream,
    "Kandinsky 5": more.kandinsky_5,
    "PRX": texts.prx,
    "PixArt Alpha": partial(transformers.pixart, diffusers.PixArtAlphaPipeline),
    "ERNIE-Image": texts.ernie,
    "LongCat": fluxes.long_cat,
    "GLM-Image": texts.glm_image,
    "Nucleus": more.nucleus,
}
"""Families of which the tests try only what is new; `benchmarks/families.py` tries all."""


def model_of(family: str, *, rows: int = 12, dtype: torch.dtype = torch.float32) -> LoadedModel:
    """Return a small model of a family, as if it had been loaded."""
    torch.manual_seed(0)
    pipeline = {**FAMILIES, **MORE}[family]()
    pipeline.set_progress_bar_config(disable=True)
    name = "transformer" if "transformer" in pipeline.components else "unet"
    denoiser = getattr(pipeline, name)
    for parameter in denoiser.parameters():  # also where training would begin with zeros
        if parameter.numel() and not parameter.any():
            torch.nn.init.normal_(parameter, std=0.05)
    cast(denoiser.eval(), dtype)
    pipeline.vae.eval()
    canvas = canvas_for(family, pipeline.vae.config, denoiser.config)
    scale, channels = canvas.scale, canvas.latent[0]
    side = 16 if "Sana" in family else 8  # Sana wants multiples of 32 pixels
    return LoadedModel(
        info=ModelInfo(
            name=family,
            latent=(channels, side, side),
            pixels=(side * scale, side * scale),
            record={"model": family},
        ),
        pipeline=pipeline,
        denoiser_name=name,
        device="cpu",
        dtype=dtype,
        rows=rows,
        scale=scale,
        unit=scale,
        preview_factors=None,
    )
