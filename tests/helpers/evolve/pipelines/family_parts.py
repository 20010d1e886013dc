"""What small pipelines of all families share: made-up texts, VAEs, samplers.

Only the text encoders are missing: a text becomes random numbers that follow from it, in the very
form in which the family's own `encode_prompt` returns its embeddings.
"""

import inspect
import zlib
from collections.abc import Callable
from typing import Any

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler

LENGTH = 6
"""Tokens of a text, where a family pads them."""

ONE_LAYER = {"num_layers": 1, "attention_head_dim": 8, "num_attention_heads": 2}
"""Options of most transformers."""

COGVIEW = {
    "in_channels": 4,
    "out_channels": 4,
    **ONE_LAYER,
    "text_embed_dim": 8,
    "time_embed_dim": 8,
    "condition_dim": 4,
    "pos_embed_max_size": 16,
    "sample_size": 8,
}
"""Options of the transformers of CogView."""


def numbers(text: Any, *shape: int) -> torch.Tensor:
    """Return random numbers that follow from a text (or a list of one)."""
    text = text[0] if isinstance(text, list) else text
    seed = zlib.crc32(str(text or "").encode())
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def mask(text: Any, length: int = LENGTH) -> torch.Tensor:
    """Return a mask of as many tokens as a text of this length has, at least two."""
    text = text[0] if isinstance(text, list) else text
    return (torch.arange(length) < 2 + len(text or "") % (length - 1)).long()[None]


def kl(channels: int, *, blocks: int = 2, kind: type[Any] = AutoencoderKL, **options: Any) -> Any:
    """Return a VAE that makes 2 pixels of a cell, or more with more blocks."""
    return kind(
        block_out_channels=(4,) * blocks,
        down_block_types=("DownEncoderBlock2D",) * blocks,
        up_block_types=("UpDecoderBlock2D",) * blocks,
        latent_channels=channels,
        norm_num_groups=2,
        **options,
    )


def video_kl(kind: type[Any], **options: Any) -> Any:
    """Return a VAE of videos, for single frames: 2 pixels of a cell."""
    return kind(
        **{
            "base_dim": 4,
            "z_dim": 4,
            "dim_mult": [1, 1],
            "num_res_blocks": 1,
            "temperal_downsample": [False],
            "latents_mean": [0.1, -0.2, 0.3, 0.0],
            "latents_std": [1.5, 2.0, 0.7, 1.1],
            **options,
        }
    )


def flow(**options: Any) -> FlowMatchEulerDiscreteScheduler:
    return FlowMatchEulerDiscreteScheduler(**options)


def with_text(kind: type[Any], encode: Callable[..., Any], **parts: Any) -> Any:
    """Return a pipeline of these parts without text encoders, whose texts `encode` encodes."""
    needed = inspect.signature(kind).parameters.values()
    absent = {p.name: None for p in needed if p.default is p.empty}
    pipeline = kind(**{**absent, **parts})
    pipeline.encode_prompt = encode
    return pipeline


def encoding(*shapes: tuple[int, ...]) -> Callable[..., tuple[torch.Tensor, ...]]:
    """Return what encodes a text in these shapes, in each that of the negative prompt behind it."""

    def encode(
        prompt: Any, *args: Any, negative_prompt: Any = None, **kwargs: Any
    ) -> tuple[torch.Tensor, ...]:
        return tuple(numbers(text, *s) for s in shapes for text in (prompt, negative_prompt))

    return encode


def cogview_text(prompt: Any, negative_prompt: Any = None, *args: Any, **kwargs: Any) -> Any:
    """As CogView: embeddings of 16 tokens, and those of the negative prompt."""
    return numbers(prompt, 1, 16, 8), numbers(negative_prompt, 1, 16, 8)


def masked_text(prompt: Any, *args: Any, negative_prompt: Any = None, **kwargs: Any) -> Any:
    """As Sana, PixArt, Lumina: embeddings and mask, then those of the negative prompt."""
    return (
        numbers(prompt, 1, LENGTH, 8),
        mask(prompt),
        numbers(negative_prompt, 1, LENGTH, 8),
        mask(negative_prompt),
    )
