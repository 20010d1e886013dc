"""Small pipelines whose denoiser is a UNet."""

from typing import Any

import diffusers
from diffusers import DDIMScheduler, EulerAncestralDiscreteScheduler, LCMScheduler
from family_parts import LENGTH, encoding, kl, numbers, with_text


def unet(**options: Any) -> Any:
    return diffusers.UNet2DConditionModel(
        **{
            "sample_size": 8,
            "block_out_channels": (8, 16),
            "layers_per_block": 1,
            "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
            "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
            "cross_attention_dim": 8,
            "attention_head_dim": 4,
            "norm_num_groups": 4,
            **options,
        }
    )


def xl_unet(**options: Any) -> Any:
    return unet(
        addition_embed_type="text_time",
        addition_time_embed_dim=4,
        projection_class_embeddings_input_dim=8 + 6 * 4,
        **options,
    )


def one_text(prompt: Any, *args: Any, **kwargs: Any) -> Any:
    """As Stable Diffusion: embeddings, and those of the negative prompt."""
    negative = kwargs.get("negative_prompt", args[3] if len(args) > 3 else None)
    return numbers(prompt, 1, LENGTH, 8), numbers(negative, 1, LENGTH, 8)


def stable_diffusion(scheduler: Any = None) -> Any:
    return with_text(
        diffusers.StableDiffusionPipeline,
        one_text,
        vae=kl(4),
        unet=unet(),
        scheduler=scheduler or DDIMScheduler(clip_sample=False, steps_offset=1),
        requires_safety_checker=False,
    )


def turbo() -> Any:
    return stable_diffusion(EulerAncestralDiscreteScheduler(timestep_spacing="trailing"))


def v_prediction() -> Any:
    return stable_diffusion(DDIMScheduler(prediction_type="v_prediction", clip_sample=False))


def latent_consistency() -> Any:
    return with_text(
        diffusers.LatentConsistencyModelPipeline,
        one_text,
        vae=kl(4),
        unet=unet(time_cond_proj_dim=8),
        scheduler=LCMScheduler(),
        requires_safety_checker=False,
    )


def stable_diffusion_xl() -> Any:
    return with_text(
        diffusers.StableDiffusionXLPipeline,
        encoding((1, LENGTH, 8), (1, 8)),
        vae=kl(4),
        unet=xl_unet(),
        scheduler=DDIMScheduler(clip_sample=False, steps_offset=1),
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
