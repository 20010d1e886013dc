"""A very small Stable Diffusion with random weights, through its real classes."""

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.models.portraits import WEIGHTS


def stable_diffusion(seed: int = 0) -> StableDiffusionPipeline:
    """Return a pipeline of 60 thousand numbers that paints 32x32 pixels."""
    torch.manual_seed(seed)
    tokenizer = CLIPTokenizer.from_pretrained(WEIGHTS / "tokenizer")
    unet = UNet2DConditionModel(
        sample_size=8,
        block_out_channels=(16, 32),
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        cross_attention_dim=16,
        attention_head_dim=8,
        norm_num_groups=4,
    )
    vae = AutoencoderKL(
        block_out_channels=(8, 8, 8),
        down_block_types=("DownEncoderBlock2D",) * 3,
        up_block_types=("UpDecoderBlock2D",) * 3,
        latent_channels=4,
        norm_num_groups=4,
    )
    text = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=tokenizer.model_max_length,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=tokenizer.bos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return StableDiffusionPipeline(
        unet=unet,
        vae=vae,
        text_encoder=CLIPTextModel(text),
        tokenizer=tokenizer,
        scheduler=DDIMScheduler(steps_offset=1, clip_sample=False),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def face(lora: float | None = None) -> Genome:
    """Return what such a pipeline paints in two steps."""
    noise = np.random.default_rng(0).standard_normal((4, 8, 8)).astype(np.float16)
    return Genome(noise, Prompt.parse("a face"), Settings(steps=2, lora=lora))


def save(folder: Path, seed: int = 0, **options: object) -> Path:
    """Write such a pipeline to a folder."""
    stable_diffusion(seed).save_pretrained(folder, **options)
    return folder
