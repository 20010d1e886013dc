"""Small pipelines that differ from the others in what becomes of a text."""

from typing import Any

import diffusers
import torch
from family_parts import (
    LENGTH,
    ONE_LAYER,
    encoding,
    flow,
    kl,
    mask,
    masked_text,
    numbers,
    video_kl,
    with_text,
)


def krea_2() -> Any:
    """Return one that is guided from 0 on, and reads several layers of its text encoder."""

    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        return numbers(prompt, 1, LENGTH, 2, 8), mask(prompt).bool()

    transformer = diffusers.Krea2Transformer2DModel(
        in_channels=16,
        **ONE_LAYER,
        num_key_value_heads=2,
        intermediate_size=16,
        timestep_embed_dim=16,
        text_hidden_dim=8,
        num_text_layers=2,
        text_num_attention_heads=2,
        text_num_key_value_heads=2,
        text_intermediate_size=16,
        num_layerwise_text_blocks=1,
        num_refiner_text_blocks=1,
        axes_dims_rope=(4, 2, 2),
    )
    return with_text(
        diffusers.Krea2Pipeline,
        encode,
        scheduler=flow(use_dynamic_shifting=True),
        vae=video_kl(diffusers.AutoencoderKLQwenImage),
        transformer=transformer,
    )


def hi_dream() -> Any:
    """Return one that scales every size to the area it was trained for, with texts by layer."""
    transformer = diffusers.HiDreamImageTransformer2DModel(
        patch_size=2,
        in_channels=4,
        out_channels=4,
        **ONE_LAYER,
        num_single_layers=1,
        caption_channels=[8, 8],
        text_emb_dim=16,
        num_routed_experts=2,
        num_activated_experts=1,
        axes_dims_rope=(4, 2, 2),
        max_resolution=(8, 8),
        llama_layers=[0, 2],
        force_inference_output=True,
    )
    return with_text(
        diffusers.HiDreamImagePipeline,
        encoding((1, LENGTH, 8), (3, 1, LENGTH, 8), (1, 16)),
        scheduler=flow(shift=3.0),
        vae=kl(4, shift_factor=0.1),
        transformer=transformer,
    )


def prx() -> Any:
    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        embeds, seen, others, unseen = masked_text(prompt, **kwargs)
        return embeds, seen.bool(), others, unseen.bool()

    transformer = diffusers.PRXTransformer2DModel(
        in_channels=4, context_in_dim=8, hidden_size=16, num_heads=2, depth=1, axes_dim=[4, 4]
    )
    return with_text(
        diffusers.PRXPipeline,
        encode,
        scheduler=flow(shift=3.0),
        vae=kl(4, shift_factor=0.1),
        transformer=transformer,
    )


def ernie() -> Any:
    """Return one that draws its noise by itself, and pads texts beside each other."""

    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        return [numbers(prompt, 2 + len(str(prompt or "")) % 4, 8)]

    transformer = diffusers.ErnieImageTransformer2DModel(
        hidden_size=16,
        num_attention_heads=2,
        num_layers=1,
        ffn_hidden_size=16,
        in_channels=16,
        out_channels=16,
        text_in_dim=8,
        rope_axes_dim=(4, 2, 2),
    )
    vae = kl(4, kind=diffusers.AutoencoderKLFlux2, sample_size=16)
    return with_text(
        diffusers.ErnieImagePipeline,
        encode,
        scheduler=flow(shift=3.0),
        vae=vae,
        transformer=transformer,
    )


def glm_image() -> Any:
    """Return one that a language model gives a sketch of the picture, as tokens."""

    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        return numbers(prompt, 1, LENGTH, 16), numbers("", 1, LENGTH, 16)

    def sketch(prompt: Any, **kwargs: Any) -> Any:
        drawn = torch.arange(16) + len(str(prompt))
        return drawn[None] % 8, None, None

    transformer = diffusers.GlmImageTransformer2DModel(
        in_channels=4,
        out_channels=4,
        **ONE_LAYER,
        text_embed_dim=16,
        time_embed_dim=8,
        condition_dim=4,
        prior_vq_quantizer_codebook_size=8,
    )
    pipeline = with_text(
        diffusers.GlmImagePipeline,
        encode,
        vae=kl(4, latents_mean=[0.1, -0.2, 0.3, 0.0], latents_std=[1.5, 2.0, 0.7, 1.1]),
        transformer=transformer,
        scheduler=flow(use_dynamic_shifting=True),
    )
    pipeline.generate_prior_tokens = sketch
    return pipeline
