"""Small pipelines of families that differ from the others in one thing each."""

from typing import Any

import diffusers
import torch
from diffusers.guiders import AdaptiveProjectedMixGuidance
from family_parts import (
    COGVIEW,
    LENGTH,
    ONE_LAYER,
    cogview_text,
    flow,
    kl,
    mask,
    numbers,
    video_kl,
    with_text,
)


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
        **COGVIEW,
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
