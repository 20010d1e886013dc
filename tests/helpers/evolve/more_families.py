"""Small pipelines of families that differ from the others in one thing each."""

from __future__ import annotations

from typing import Any

import diffusers
import torch
from diffusers.guiders import AdaptiveProjectedMixGuidance
from family_parts import (
    LENGTH,
    LIKE_FLUX,
    ONE_LAYER,
    cogview_text,
    encoding,
    flow,
    flux_kl,
    kl,
    mask,
    masked_text,
    numbers,
    video_kl,
    with_text,
)
from unet_families import xl_unet


def hunyuan_dit() -> Any:
    """Return one whose denoiser takes whole numbers, and goes by the type of its timestep."""

    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        negative, second = kwargs.get("negative_prompt"), kwargs.get("text_encoder_index", 0)
        return (
            numbers(prompt, 1, LENGTH, 8),
            numbers(negative, 1, LENGTH, 8),
            mask(prompt, LENGTH - second),
            mask(negative, LENGTH - second),
        )

    def encoded(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        embeds = encode(prompt, *args, **kwargs)
        return tuple(each[:, : LENGTH - kwargs.get("text_encoder_index", 0)] for each in embeds)

    transformer = diffusers.HunyuanDiT2DModel(
        sample_size=8,
        in_channels=4,
        patch_size=2,
        num_layers=2,
        num_attention_heads=2,
        attention_head_dim=8,
        hidden_size=16,
        cross_attention_dim=8,
        cross_attention_dim_t5=8,
        pooled_projection_dim=8,
        text_len=LENGTH,
        text_len_t5=LENGTH - 1,
    )
    return with_text(
        diffusers.HunyuanDiTPipeline,
        encoded,
        transformer=transformer,
        vae=kl(4, blocks=4),  # this pipeline knows 8 pixels a cell alone
        scheduler=diffusers.DDPMScheduler(),
        requires_safety_checker=False,
    )


def hunyuan_image() -> Any:
    """Return one whose guidance is in a part that counts the steps of a call."""

    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        return (
            numbers(prompt, 1, LENGTH, 16),
            mask(prompt),
            torch.zeros(1, 2, 8),
            torch.zeros(1, 2, dtype=torch.long),
        )

    transformer = diffusers.HunyuanImageTransformer2DModel(
        in_channels=4,
        out_channels=4,
        **ONE_LAYER,
        num_single_layers=1,
        num_refiner_layers=1,
        text_embed_dim=16,
        rope_axes_dim=(4, 4),
    )
    vae = diffusers.AutoencoderKLHunyuanImage(
        in_channels=3,
        out_channels=3,
        latent_channels=4,
        block_out_channels=(32, 32),
        layers_per_block=1,
        spatial_compression_ratio=2,
        sample_size=16,
        scaling_factor=0.75,
    )
    return with_text(
        diffusers.HunyuanImagePipeline,
        encode,
        scheduler=flow(shift=5.0),
        vae=vae,
        transformer=transformer,
        guider=AdaptiveProjectedMixGuidance(adaptive_projected_guidance_start_step=1),
    )


def cogview_3() -> Any:
    """Return one whose scheduler shifts the ratio of signal to noise."""
    transformer = diffusers.CogView3PlusTransformer2DModel(
        in_channels=4,
        out_channels=4,
        **ONE_LAYER,
        text_embed_dim=8,
        time_embed_dim=8,
        condition_dim=4,
        pos_embed_max_size=16,
        sample_size=8,
    )
    scheduler = diffusers.CogVideoXDDIMScheduler(
        prediction_type="v_prediction",
        snr_shift_scale=4.0,
        timestep_spacing="trailing",
        rescale_betas_zero_snr=True,
        clip_sample=False,
    )
    return with_text(
        diffusers.CogView3PlusPipeline,
        cogview_text,
        vae=kl(4),
        transformer=transformer,
        scheduler=scheduler,
    )


def kolors() -> Any:
    """Return one with the UNet of SDXL and one large text encoder."""
    denoiser = xl_unet(encoder_hid_dim=12, encoder_hid_dim_type="text_proj")
    scheduler = diffusers.EulerDiscreteScheduler(beta_schedule="scaled_linear", steps_offset=1)
    return with_text(
        diffusers.KolorsPipeline,
        encoding((1, LENGTH, 12), (1, 8)),
        vae=kl(4),
        unet=denoiser,
        scheduler=scheduler,
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


def kandinsky_5() -> Any:
    """Return one whose samples have their channels last, and sizes of its own."""

    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        lengths = torch.tensor([0, LENGTH], dtype=torch.int32)
        return numbers(prompt, 1, LENGTH, 8), numbers(prompt, 1, 8), lengths

    transformer = diffusers.Kandinsky5Transformer3DModel(
        in_visual_dim=4,
        out_visual_dim=4,
        in_text_dim=8,
        in_text_dim2=8,
        time_dim=16,
        model_dim=16,
        ff_dim=16,
        num_text_blocks=1,
        num_visual_blocks=1,
        axes_dims=(4, 2, 2),
    )
    return with_text(
        diffusers.Kandinsky5T2IPipeline,
        encode,
        scheduler=flow(shift=3.0),
        vae=kl(4, blocks=4),  # this pipeline knows 8 pixels a cell alone
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


def nucleus() -> Any:
    """Return one whose denoiser sends tokens to experts."""

    def encode(prompt: Any = None, *args: Any, **kwargs: Any) -> Any:
        return numbers(prompt, 1, LENGTH, 16), mask(prompt)

    transformer = diffusers.NucleusMoEImageTransformer2DModel(
        in_channels=16,
        out_channels=4,
        num_layers=5,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=16,
        axes_dims_rope=(2, 2, 4),
        num_experts=2,
        moe_intermediate_dim=8,
        capacity_factors=1.0,
    )
    for parameter in transformer.parameters():  # those of experts are left undefined
        parameter.data.normal_(std=0.1)
    return with_text(
        diffusers.NucleusMoEImagePipeline,
        encode,
        scheduler=flow(use_dynamic_shifting=True),
        vae=video_kl(diffusers.AutoencoderKLQwenImage),
        transformer=transformer,
    )
