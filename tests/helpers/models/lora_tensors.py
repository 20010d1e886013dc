"""Made-up LoRAs for the small Stable Diffusion: their matrices, and files of them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

ATTENTION = "down_blocks.0.attentions.0.transformer_blocks.0.attn1"
LAYERS = (
    f"unet.{ATTENTION}.to_q",
    f"unet.{ATTENTION}.to_out.0",
    "unet.down_blocks.0.resnets.0.conv1",
    "unet.up_blocks.0.resnets.0.time_emb_proj",
    "text_encoder.encoder.layers.0.self_attn.q_proj",
)
RANK = 3


def layer(pipeline: Any, path: str) -> torch.nn.Module:
    part, _, inner = path.partition(".")
    found: torch.nn.Module = getattr(pipeline, part).get_submodule(inner)
    return found


def matrices(pipeline: Any, paths: tuple[str, ...] = LAYERS) -> dict[str, torch.Tensor]:
    """Return random LoRA matrices for the layers, large enough to be seen."""
    draw = torch.Generator().manual_seed(3)
    tensors = {}
    for path in paths:
        weight = layer(pipeline, path).weight
        down = torch.randn(RANK, *weight.shape[1:], generator=draw) * 0.3
        up = torch.randn(weight.shape[0], RANK, *[1] * (weight.ndim - 2), generator=draw) * 0.3
        tensors[f"{path}.lora_A.weight"], tensors[f"{path}.lora_B.weight"] = down, up
    return tensors


def ones(layer: str, halves: Sequence[str] = "AB") -> dict[str, torch.Tensor]:
    """Return matrices for a layer of four numbers."""
    return {f"{layer}.lora_{half}.weight": torch.ones(4, 4) for half in halves}


def saved(
    folder: Path, tensors: Mapping[str, torch.Tensor], metadata: dict[str, str] | None = None
) -> Path:
    """Write a LoRA; return its file."""
    save_file(dict(tensors), file := folder / "style.safetensors", metadata=metadata)
    return file
