"""Small pipelines of Flux, and of families whose transformer is made like that of Flux."""

from typing import Any

import diffusers
import torch
from family_parts import LENGTH, ONE_LAYER, flow, kl, mask, numbers, video_kl, with_text

LIKE_FLUX = {
    **ONE_LAYER,
    "num_single_layers": 1,
    "joint_attention_dim": 16,
    "axes_dims_rope": (2, 2, 4),
}
"""Options of their transformers."""


def flux_kl(channels: int) -> Any:
    """Return a VAE as those of Flux and of what is made after it."""
    return kl(channels, shift_factor=0.1, use_quant_conv=False, use_post_quant_conv=False)


def flux(*, guidance: bool = True, kind: Any = diffusers.FluxPipeline) -> Any:
    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        return numbers(prompt, 1, LENGTH, 16), numbers(prompt, 1, 8), torch.zeros(LENGTH, 3)

    transformer = diffusers.FluxTransformer2DModel(
        in_channels=16,
        pooled_projection_dim=8,
        guidance_embeds=guidance,
        **LIKE_FLUX,
    )
    return with_text(
        kind,
        encode,
        scheduler=flow(use_dynamic_shifting=True),
        vae=flux_kl(4),
        transformer=transformer,
    )


def flux_schnell() -> Any:
    return flux(guidance=False)


def flux_2() -> Any:
    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        ids = torch.zeros(1, LENGTH, 4)
        ids[..., 3] = torch.arange(LENGTH)
        return numbers(prompt, 1, LENGTH, 16), ids

    transformer = diffusers.Flux2Transformer2DModel(
        in_channels=16,
        timestep_guidance_channels=16,
        guidance_embeds=False,
        **{**LIKE_FLUX, "axes_dims_rope": (2, 2, 2, 2)},
    )
    vae = kl(4, kind=diffusers.AutoencoderKLFlux2, sample_size=16)
    vae.bn.running_mean.normal_()
    vae.bn.running_var.uniform_(0.5, 2.0)
    return with_text(
        diffusers.Flux2KleinPipeline,
        encode,
        scheduler=flow(use_dynamic_shifting=True),
        vae=vae,
        transformer=transformer,
    )


def chroma() -> Any:
    def encode(prompt: Any, *args: Any, negative_prompt: Any = None, **kwargs: Any) -> Any:
        ids = torch.zeros(LENGTH, 3)
        return (
            numbers(prompt, 1, LENGTH, 16),
            ids,
            mask(prompt).float(),
            numbers(negative_prompt, 1, LENGTH, 16),
            ids,
            mask(negative_prompt).float(),
        )

    transformer = diffusers.ChromaTransformer2DModel(
        in_channels=16,
        **LIKE_FLUX,
        approximator_num_channels=8,
        approximator_hidden_dim=16,
        approximator_layers=1,
    )
    return with_text(
        diffusers.ChromaPipeline,
        encode,
        scheduler=flow(),
        vae=flux_kl(4),
        transformer=transformer,
    )


def ovis() -> Any:
    def encode(prompt: Any, negative_prompt: Any = None, *args: Any, **kwargs: Any) -> Any:
        ids = torch.zeros(LENGTH, 3)
        return numbers(prompt, 1, LENGTH, 16), numbers(negative_prompt, 1, LENGTH, 16), ids, ids

    return with_text(
        diffusers.OvisImagePipeline,
        encode,
        scheduler=flow(use_dynamic_shifting=True),
        vae=flux_kl(4),
        transformer=diffusers.OvisImageTransformer2DModel(
            in_channels=16, out_channels=16, **LIKE_FLUX
        ),
    )


def bria() -> Any:
    """Return one whose cells are four of its VAE's, by its own account."""

    def encode(prompt: Any, *args: Any, negative_prompt: Any = None, **kwargs: Any) -> Any:
        ids = torch.zeros(1, LENGTH, 3)
        return numbers(prompt, 1, LENGTH, 16), numbers(negative_prompt, 1, LENGTH, 16), ids

    return with_text(
        diffusers.BriaPipeline,
        encode,
        scheduler=flow(use_dynamic_shifting=True),
        vae=kl(4, shift_factor=0.1),
        transformer=diffusers.BriaTransformer2DModel(in_channels=16, **LIKE_FLUX),
    )


def bria_fibo() -> Any:
    """Return one whose denoiser takes a text for each of its layers, with the VAE of Wan 2.2."""

    def encode(prompt: Any, *args: Any, negative_prompt: Any = None, **kwargs: Any) -> Any:
        layers = [numbers(prompt, 1, LENGTH, 8) for _ in range(3)]
        others = [numbers(negative_prompt, 1, LENGTH, 8) for _ in range(3)]
        return (
            numbers(prompt, 1, LENGTH, 16),
            numbers(negative_prompt, 1, LENGTH, 16),
            torch.zeros(1, LENGTH, 3),
            mask(prompt).float(),
            mask(negative_prompt).float(),
            layers,
            others,
        )

    transformer = diffusers.BriaFiboTransformer2DModel(
        in_channels=4, text_encoder_dim=8, **{**LIKE_FLUX, "num_layers": 2}
    )
    return with_text(
        diffusers.BriaFiboPipeline,
        encode,
        scheduler=flow(use_dynamic_shifting=True),
        vae=video_kl(
            diffusers.AutoencoderKLWan,
            dim_mult=[1] * 4,
            temperal_downsample=[False] * 3,
            in_channels=12,
            out_channels=12,
            patch_size=2,
            scale_factor_spatial=16,
        ),
        transformer=transformer,
    )


def long_cat() -> Any:
    """Return one that would have a language model write another prompt."""

    def encode(prompt: Any = None, *args: Any, **kwargs: Any) -> Any:
        return numbers(prompt, 1, LENGTH, 16), torch.zeros(LENGTH, 3)

    options = {**LIKE_FLUX, "pooled_projection_dim": 16}
    return with_text(
        diffusers.LongCatImagePipeline,
        encode,
        scheduler=flow(use_dynamic_shifting=True),
        vae=flux_kl(16),
        transformer=diffusers.LongCatImageTransformer2DModel(in_channels=64, **options),
    )
