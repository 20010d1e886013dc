"""Models of the sizes of Stable Diffusion 1.5 and SDXL, with random weights: no download needed."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from evolve import Settings, describe
from evolve.models.loading import LoadedModel
from evolve.models.machine.devices import best_dtype
from evolve.rendering.protocol import ModelInfo


@dataclass(frozen=True, slots=True)
class Sizes:
    """What a model is made of."""

    unet: Mapping[str, Any]
    words: tuple[int, ...]
    """Width of each text encoder."""
    layers: tuple[int, ...]
    """Of each text encoder."""
    vae: tuple[int, ...]
    """Channels of each block."""
    side: int
    """Of a latent."""


_SDXL = {
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
}
_SMALL = {"block_out_channels": (32, 64), "layers_per_block": 1}

SIZES: Mapping[str, Mapping[str, Sizes]] = {
    "large": {
        "SD-1.5-sized": Sizes(
            {"cross_attention_dim": 768}, (768,), (12,), (128, 256, 512, 512), side=64
        ),
        "SDXL-sized": Sizes(
            {
                **_SDXL,
                "block_out_channels": (320, 640, 1280),
                "transformer_layers_per_block": (1, 2, 10),
                "attention_head_dim": (5, 10, 20),
                "cross_attention_dim": 2048,
                "addition_time_embed_dim": 256,
                "projection_class_embeddings_input_dim": 1280 + 6 * 256,
            },
            (768, 1280),
            (12, 32),
            (128, 256, 512, 512),
            side=128,
        ),
    },
    "small": {
        "SD-1.5-like": Sizes(
            {
                **_SMALL,
                "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
                "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
                "cross_attention_dim": 32,
            },
            (32,),
            (2,),
            (32, 32, 32, 32),
            side=8,
        ),
        "SDXL-like": Sizes(
            {
                **_SMALL,
                **_SDXL,
                "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
                "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
                "cross_attention_dim": 64,
                "addition_time_embed_dim": 8,
                "projection_class_embeddings_input_dim": 32 + 6 * 8,
            },
            (32, 32),
            (2, 2),
            (32, 32, 32, 32),
            side=8,
        ),
    },
}


def model_of(name: str, sizes: Sizes, device: str) -> LoadedModel:
    """Return a model with random weights, as if it had been loaded."""
    import diffusers

    dtype = best_dtype(device)
    channels = len(sizes.vae)
    unet = _empty(
        lambda: diffusers.UNet2DConditionModel(sample_size=sizes.side, **sizes.unet), device, dtype
    )
    vae = _empty(
        lambda: diffusers.AutoencoderKL(
            block_out_channels=sizes.vae,
            down_block_types=("DownEncoderBlock2D",) * channels,
            up_block_types=("UpDecoderBlock2D",) * channels,
            layers_per_block=2 if max(sizes.vae) > 64 else 1,
            latent_channels=4,
            sample_size=8 * sizes.side,
        ),
        device,
        torch.float32,
    )
    scheduler = diffusers.DPMSolverMultistepScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear"
    )
    parts: dict[str, Any] = {"unet": unet, "vae": vae, "scheduler": scheduler}
    kind = diffusers.StableDiffusionXLPipeline
    if len(sizes.words) == 1:
        kind = diffusers.StableDiffusionPipeline
        parts.update(safety_checker=None, feature_extractor=None, requires_safety_checker=False)
    else:
        parts.update(add_watermarker=False)
    for k, (width, layers) in enumerate(zip(sizes.words, sizes.layers, strict=True)):
        end = f"_{k + 1}" if k else ""
        tokenizer, encoder = _text(width, layers, projected=bool(k), device=device)
        parts[f"tokenizer{end}"], parts[f"text_encoder{end}"] = tokenizer, encoder
    pipeline = kind(**parts)
    pipeline.set_progress_bar_config(disable=True)
    latent = (4, sizes.side, sizes.side)
    return LoadedModel(
        info=ModelInfo(
            name=name,
            latent=latent,
            pixels=(8 * sizes.side, 8 * sizes.side),
            settings=Settings(4.0, 8),
            record={"model": name, "device": device, "dtype": str(dtype)},
        ),
        pipeline=pipeline,
        denoiser_name="unet",
        device=device,
        dtype=dtype,
        rows=8,
        scale=8,
        unit=8,
        preview_factors=None,
    )


def _text(width: int, layers: int, *, projected: bool, device: str) -> tuple[Any, nn.Module]:
    """Return a tokenizer and a text encoder, whose weights are drawn on the device."""
    from transformers import (
        CLIPTextConfig,
        CLIPTextModel,
        CLIPTextModelWithProjection,
        CLIPTokenizer,
    )

    tokenizer = CLIPTokenizer.from_pretrained(
        describe("portraits").folder / "tokenizer", local_files_only=True, model_max_length=77
    )
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        projection_dim=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=max(1, width // 64),
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    kind = CLIPTextModelWithProjection if projected else CLIPTextModel
    torch.manual_seed(0)
    with torch.device(device):
        encoder = kind(config)
    return tokenizer, encoder.eval().requires_grad_(False)


def _empty(build: Callable[[], nn.Module], device: str, dtype: torch.dtype) -> nn.Module:
    """Return a module with weights that are drawn on its device: faster than in main memory."""
    with torch.device("meta"):
        module = build().to(dtype)
    module = module.to_empty(device=device).eval().requires_grad_(False)
    generator = torch.Generator(device).manual_seed(0)
    with torch.no_grad():
        for name, weight in module.named_parameters():
            if weight.ndim > 1:
                weight.normal_(0, 1 / math.sqrt(weight[0].numel()), generator=generator)
            else:
                weight.fill_(0.0 if name.endswith("bias") else 1.0)
    return module
