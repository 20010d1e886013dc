"""Layers of Stable Diffusion 3 by the names of its makers, which trainers of LoRAs use too.

Query, key and value are one layer there and three in diffusers. The change of that layer is
divided: each of the three gets its rows of `up`, and all of `down`. Two layers return shift and
scale in the other order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import torch

from evolve.models.loras.naming import parted

_PREFIX = r"(?:lora_unet_|lora_transformer_|diffusion_model_|transformer_)?"
_IN_BLOCK = re.compile(rf"{_PREFIX}joint_blocks_(?P<number>\d+)_(?P<layer>\w+)")
_OUTSIDE = re.compile(rf"{_PREFIX}(?P<layer>\w+)")
_BLOCK: Mapping[str, tuple[str, ...]] = {
    "x_block_adaLN_modulation_1": ("norm1.linear",),
    "x_block_attn_qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),
    "x_block_attn_proj": ("attn.to_out.0",),
    "x_block_attn2_qkv": ("attn2.to_q", "attn2.to_k", "attn2.to_v"),
    "x_block_attn2_proj": ("attn2.to_out.0",),
    "x_block_mlp_fc1": ("ff.net.0.proj",),
    "x_block_mlp_fc2": ("ff.net.2",),
    "context_block_adaLN_modulation_1": ("norm1_context.linear",),
    "context_block_attn_qkv": ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
    "context_block_attn_proj": ("attn.to_add_out",),
    "context_block_mlp_fc1": ("ff_context.net.0.proj",),
    "context_block_mlp_fc2": ("ff_context.net.2",),
}
"""Layers of a block, with underscores for dots, and those of diffusers for each."""
_OTHERS: Mapping[str, tuple[str, ...]] = {
    "context_embedder": ("context_embedder",),
    "x_embedder_proj": ("pos_embed.proj",),
    "t_embedder_mlp_0": ("time_text_embed.timestep_embedder.linear_1",),
    "t_embedder_mlp_2": ("time_text_embed.timestep_embedder.linear_2",),
    "y_embedder_mlp_0": ("time_text_embed.text_embedder.linear_1",),
    "y_embedder_mlp_2": ("time_text_embed.text_embedder.linear_2",),
    "final_layer_adaLN_modulation_1": ("norm_out.linear",),
    "final_layer_linear": ("proj_out",),
}
"""The same for layers outside of blocks."""


def renamed(pipeline: Any, tensors: Mapping[str, torch.Tensor]) -> Mapping[str, torch.Tensor]:
    """Return the tensors of a LoRA, those of Stable Diffusion 3 by the names of diffusers.

    For a pipeline of any other kind the names stay.
    """
    blocks = getattr(getattr(pipeline, "transformer", None), "transformer_blocks", None)
    if blocks is None or not any("joint_blocks" in name for name in tensors):
        return tensors
    turned = {"norm_out.linear", f"transformer_blocks.{len(blocks) - 1}.norm1_context.linear"}
    new: dict[str, torch.Tensor] = {}
    for name, tensor in tensors.items():
        layer, half = parted(name) or ("", "")
        paths = _paths(layer)
        if not paths:
            new[name] = tensor
            continue
        up = half == "lora_B.weight"
        parts = tensor.tensor_split(len(paths)) if up else [tensor] * len(paths)
        for path, part in zip(paths, parts, strict=True):
            if up and path in turned:
                part = torch.cat(part.tensor_split(2)[::-1])
            new[f"transformer.{path}.{half}"] = part
    return new


def _paths(layer: str) -> tuple[str, ...]:
    """Return the layers of diffusers for one of Stable Diffusion 3; none for any other."""
    if found := _IN_BLOCK.fullmatch(layer):
        paths = _BLOCK.get(found["layer"], ())
        return tuple(f"transformer_blocks.{found['number']}.{path}" for path in paths)
    found = _OUTSIDE.fullmatch(layer)
    return _OTHERS.get(found["layer"], ()) if found else ()
