"""A tiny Stable Diffusion as a single file, its tensors named as the first authors named them.

The names follow from where a tensor stands: blocks are numbered through from the input to the
output, and each holds a resnet, and maybe an attention and a change of size.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import torch
from diffusers import StableDiffusionPipeline
from safetensors.torch import save_file

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
_UNET_ENDS = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_VAE = {"conv_shortcut": "nin_shortcut", "conv_norm_out": "norm_out"}
_VAE_ATTENTION = {
    "group_norm": "norm",
    "to_q": "q",
    "to_k": "k",
    "to_v": "v",
    "to_out.0": "proj_out",
}


def write(pipeline: StableDiffusionPipeline, file: Path) -> None:
    """Write all weights of a pipeline whose UNet has one layer per block."""
    tensors: dict[str, torch.Tensor] = {}
    attended = [hasattr(block, "attentions") for block in pipeline.unet.up_blocks]
    for name, tensor in pipeline.unet.state_dict().items():
        tensors[f"model.diffusion_model.{_unet(name, attended)}"] = tensor
    levels = len(pipeline.vae.config.block_out_channels)
    for name, tensor in pipeline.vae.state_dict().items():
        old = _vae(name, levels)
        is_matrix = "attn_1" in old and tensor.ndim == 2
        tensors[f"first_stage_model.{old}"] = tensor[..., None, None] if is_matrix else tensor
    for name, tensor in pipeline.text_encoder.state_dict().items():
        old = name if name.startswith("text_model.") else f"text_model.{name}"
        tensors[f"cond_stage_model.transformer.{old}"] = tensor
    save_file({k: v.contiguous() for k, v in tensors.items()}, file)


def _unet(name: str, attended: list[bool]) -> str:
    for new, old in _UNET_ENDS.items():
        if name.startswith(f"{new}."):
            return name.replace(new, old, 1)
    kind, *where, rest = _parts(
        r"(down|up|mid)_blocks?(?:\.(\d+))?\.(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)",
        name,
    )
    block, part, layer = int(where[0] or 0), where[1], int(where[2])
    if part == "resnets":
        rest = _renamed(rest, _RESNET)
    if kind == "mid":
        return f"middle_block.{1 if part == 'attentions' else 2 * layer}.{rest}"
    if kind == "down":
        if part == "downsamplers":
            return f"input_blocks.{2 * (block + 1)}.0.{rest.replace('conv', 'op')}"
        return f"input_blocks.{2 * block + layer + 1}.{int(part == 'attentions')}.{rest}"
    if part == "upsamplers":
        return f"output_blocks.{2 * block + 1}.{1 + attended[block]}.{rest}"
    return f"output_blocks.{2 * block + layer}.{int(part == 'attentions')}.{rest}"


def _vae(name: str, levels: int) -> str:
    def block(match: re.Match[str]) -> str:
        side, level, part, layer = match[1], int(match[2]), match[3], match[4]
        level = levels - 1 - level if side == "up" else level
        change = {"down": "downsample", "up": "upsample"}[side]
        return f"{side}.{level}." + (f"block.{layer}." if part == "resnets" else f"{change}.")

    name = re.sub(r"(down|up)_blocks\.(\d+)\.(resnets|\w+samplers)\.(\d+)\.", block, name)
    name = re.sub(r"mid_block\.resnets\.(\d)\.", lambda m: f"mid.block_{int(m[1]) + 1}.", name)
    if "mid_block.attentions.0." in name:
        name = _renamed(name.replace("mid_block.attentions.0.", "mid.attn_1."), _VAE_ATTENTION)
    return _renamed(name, _VAE)


def _renamed(name: str, names: Mapping[str, str]) -> str:
    for new, old in names.items():
        name = re.sub(rf"(^|\.){re.escape(new)}\.", rf"\g<1>{old}.", name)
    return name


def _parts(pattern: str, text: str) -> tuple[str, ...]:
    match = re.fullmatch(pattern, text)
    assert match is not None, text
    return match.groups()
