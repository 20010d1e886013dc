"""Small pipelines whose denoiser is a transformer of its own kind."""

from typing import Any

import diffusers
import torch
from diffusers import AutoencoderDC, DPMSolverMultistepScheduler, SCMScheduler
from family_parts import (
    COGVIEW,
    LENGTH,
    ONE_LAYER,
    cogview_text,
    encoding,
    flow,
    kl,
    masked_text,
    numbers,
    video_kl,
    with_text,
)


def stable_diffusion_3() -> Any:
    transformer = diffusers.SD3Transformer2DModel(
        sample_size=8,
        patch_size=2,
        in_channels=4,
        out_channels=4,
        **ONE_LAYER,
        joint_attention_dim=16,
        caption_projection_dim=16,
        pooled_projection_dim=8,
        pos_embed_max_size=16,
    )
    return with_text(
        diffusers.StableDiffusion3Pipeline,
        encoding((1, LENGTH, 16), (1, 8)),
        transformer=transformer,
        scheduler=flow(shift=3.0),
        vae=kl(4, shift_factor=0.06),
    )


def dc() -> AutoencoderDC:
    return AutoencoderDC(
        latent_channels=4,
        attention_head_dim=2,
        encoder_block_out_channels=(4, 4),
        decoder_block_out_channels=(4, 4),
        encoder_layers_per_block=(1, 1),
        decoder_layers_per_block=(1, 1),
        encoder_qkv_multiscales=((), ()),
        decoder_qkv_multiscales=((), ()),
        scaling_factor=0.4,
    )


def sana_transformer(**options: Any) -> Any:
    return diffusers.SanaTransformer2DModel(
        in_channels=4,
        out_channels=4,
        num_attention_heads=2,
        attention_head_dim=4,
        num_layers=1,
        num_cross_attention_heads=2,
        cross_attention_head_dim=4,
        cross_attention_dim=8,
        caption_channels=8,
        sample_size=8,
        **options,
    )


def sana() -> Any:
    return with_text(
        diffusers.SanaPipeline,
        masked_text,
        vae=dc(),
        transformer=sana_transformer(),
        scheduler=DPMSolverMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
        ),
    )


def sana_sprint() -> Any:
    return with_text(
        diffusers.SanaSprintPipeline,
        lambda prompt, *args, **kwargs: masked_text(prompt)[:2],
        vae=dc(),
        transformer=sana_transformer(guidance_embeds=True, qk_norm="rms_norm_across_heads"),
        scheduler=SCMScheduler(prediction_type="trigflow", sigma_data=0.5),
    )


def z_image() -> Any:
    def encode(prompt: Any, *args: Any, negative_prompt: Any = None, **kwargs: Any) -> Any:
        def one(text: Any) -> list[torch.Tensor]:  # as long as the text is
            return [numbers(text, 2 + len(str(text or "")) % 5, 8)]

        guided = kwargs.get("do_classifier_free_guidance", True)
        return one(prompt), one(negative_prompt) if guided else []

    transformer = diffusers.ZImageTransformer2DModel(
        in_channels=4,
        dim=16,
        n_layers=1,
        n_refiner_layers=1,
        n_heads=2,
        n_kv_heads=2,
        cap_feat_dim=8,
        axes_dims=[2, 2, 4],
        axes_lens=[64, 32, 32],
    )
    return with_text(
        diffusers.ZImagePipeline,
        encode,
        scheduler=flow(shift=3.0),
        vae=kl(4, shift_factor=0.1),
        transformer=transformer,
    )


def qwen_image() -> Any:
    def encode(prompt: Any, *args: Any, **kwargs: Any) -> Any:
        length = 2 + len(str(prompt or "")) % 3
        return numbers(prompt, 1, length, 16), torch.ones(1, length, dtype=torch.long)

    transformer = diffusers.QwenImageTransformer2DModel(
        in_channels=16,
        out_channels=4,
        **ONE_LAYER,
        joint_attention_dim=16,
        axes_dims_rope=(2, 2, 4),
    )
    return with_text(
        diffusers.QwenImagePipeline,
        encode,
        scheduler=flow(use_dynamic_shifting=True),
        vae=video_kl(diffusers.AutoencoderKLQwenImage),
        transformer=transformer,
    )


def pixart(kind: type[Any] = diffusers.PixArtSigmaPipeline) -> Any:
    transformer = diffusers.PixArtTransformer2DModel(
        num_attention_heads=2,
        attention_head_dim=4,
        in_channels=4,
        out_channels=8,
        num_layers=1,
        cross_attention_dim=8,
        sample_size=8,
        caption_channels=8,
        norm_num_groups=2,
    )
    return with_text(
        kind,
        masked_text,
        vae=kl(4),
        transformer=transformer,
        scheduler=DPMSolverMultistepScheduler(),
    )


def lumina_2() -> Any:
    transformer = diffusers.Lumina2Transformer2DModel(
        sample_size=8,
        in_channels=4,
        hidden_size=16,
        num_layers=1,
        num_refiner_layers=1,
        num_attention_heads=2,
        num_kv_heads=2,
        multiple_of=8,
        axes_dim_rope=(2, 2, 4),
        axes_lens=(32, 32, 32),
        cap_feat_dim=8,
    )
    return with_text(
        diffusers.Lumina2Pipeline,
        masked_text,
        transformer=transformer,
        scheduler=flow(),
        vae=kl(4, blocks=4, shift_factor=0.1),  # this pipeline knows 8 pixels a cell alone
    )


def aura_flow() -> Any:
    transformer = diffusers.AuraFlowTransformer2DModel(
        sample_size=8,
        in_channels=4,
        out_channels=4,
        num_mmdit_layers=1,
        num_single_dit_layers=1,
        attention_head_dim=8,
        num_attention_heads=2,
        joint_attention_dim=8,
        caption_projection_dim=16,
        pos_embed_max_size=64,
    )
    return with_text(
        diffusers.AuraFlowPipeline,
        masked_text,
        vae=kl(4),
        transformer=transformer,
        scheduler=flow(shift=1.73),
    )


def cogview_4() -> Any:
    transformer = diffusers.CogView4Transformer2DModel(
        **COGVIEW,
        rope_axes_dim=(4, 4),
    )
    return with_text(
        diffusers.CogView4Pipeline,
        cogview_text,
        vae=kl(4),
        transformer=transformer,
        scheduler=flow(base_shift=0.25, max_shift=0.75, use_dynamic_shifting=True),
    )
