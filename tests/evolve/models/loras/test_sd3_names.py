"""LoRAs that name the layers of Stable Diffusion 3 as its makers do."""

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import SD3Transformer2DModel
from diffusers.loaders.single_file_utils import convert_sd3_transformer_checkpoint_to_diffusers
from safetensors.torch import save_file
from transformer_families import stable_diffusion_3

from evolve.errors import ModelError
from evolve.models.loras.attaching import attach
from evolve.models.loras.lora_file import read_lora

WIDTH, RANK, BLOCKS = 16, 2, 2


@pytest.fixture(scope="module")
def pipeline() -> Any:
    made = stable_diffusion_3()
    config = {k: v for k, v in made.transformer.config.items() if not k.startswith("_")}
    config |= {"num_layers": BLOCKS, "dual_attention_layers": (0,)}
    made.transformer = SD3Transformer2DModel(**config)
    return made


def layers() -> dict[str, tuple[int, ...]]:
    """Return the shapes of all layers by the names that their makers give them."""
    shapes: dict[str, tuple[int, ...]] = {
        "x_embedder.proj": (WIDTH, 4, 2, 2),
        "context_embedder": (WIDTH, WIDTH),
        "final_layer.adaLN_modulation.1": (2 * WIDTH, WIDTH),
        "final_layer.linear": (16, WIDTH),
    }
    for name, inner in (("t", 256), ("y", 8)):
        shapes[f"{name}_embedder.mlp.0"] = WIDTH, inner
        shapes[f"{name}_embedder.mlp.2"] = WIDTH, WIDTH
    for k in range(BLOCKS):
        for side in ("x", "context"):
            last = side == "context" and k == BLOCKS - 1
            block = f"joint_blocks.{k}.{side}_block"
            times = 9 if side == "x" and k == 0 else 2 if last else 6
            shapes[f"{block}.adaLN_modulation.1"] = times * WIDTH, WIDTH
            shapes[f"{block}.attn.qkv"] = 3 * WIDTH, WIDTH
            if not last:  # nothing comes of the words after the last block
                shapes[f"{block}.attn.proj"] = WIDTH, WIDTH
                shapes[f"{block}.mlp.fc1"] = 4 * WIDTH, WIDTH
                shapes[f"{block}.mlp.fc2"] = WIDTH, 4 * WIDTH
    shapes["joint_blocks.0.x_block.attn2.qkv"] = 3 * WIDTH, WIDTH
    shapes["joint_blocks.0.x_block.attn2.proj"] = WIDTH, WIDTH
    return shapes


@pytest.mark.parametrize("dialect", ["kohya", "ComfyUI"])
def test_every_layer_changes_as_diffusers_converts_what_is_added_to_the_whole(
    pipeline: Any, tmp_path: Path, dialect: str
) -> None:
    draw, whole, named = torch.Generator().manual_seed(5), {}, {}
    for layer, shape in layers().items():
        down = torch.randn(RANK, *shape[1:], generator=draw)
        up = torch.randn(shape[0], RANK, *[1] * (len(shape) - 2), generator=draw)
        whole[f"{layer}.weight"] = (up.flatten(1) @ down.flatten(1)).view(shape) / 2
        whole[f"{layer}.bias"] = torch.zeros(shape[0])
        if dialect == "kohya":
            name, halves = f"lora_unet_{layer.replace('.', '_')}", ("lora_down", "lora_up")
        else:
            name, halves = f"diffusion_model.{layer}", ("lora_A", "lora_B")
        named |= {f"{name}.{half}.weight": t for half, t in zip(halves, (down, up), strict=True)}
        named[f"{name}.alpha"] = torch.tensor(RANK / 2)
    save_file(named, tmp_path / "style.safetensors")
    whole["pos_embed"] = torch.zeros(1)
    expected = convert_sd3_transformer_checkpoint_to_diffusers(dict(whole))

    changes = read_lora(pipeline, tmp_path / "style.safetensors")

    for path, change in changes.items():
        added = change.scale * change.up.flatten(1) @ change.down.flatten(1)
        wanted = expected[f"{path.removeprefix('transformer.')}.weight"]
        torch.testing.assert_close(added.view(wanted.shape), wanted)
    weights = {name for name in expected if name.endswith(".weight")}
    assert {f"{path.removeprefix('transformer.')}.weight" for path in changes} == weights
    attach(copy.deepcopy(pipeline), [tmp_path / "style.safetensors"])


def test_what_cannot_be_divided_in_three_is_refused(pipeline: Any, tmp_path: Path) -> None:
    name = "lora_unet_joint_blocks_0_x_block_attn_qkv"
    for rows in (2, 50):
        halves = {"lora_down": torch.ones(RANK, WIDTH), "lora_up": torch.ones(rows, RANK)}
        file = tmp_path / f"{rows}.safetensors"
        save_file({f"{name}.{half}.weight": tensor for half, tensor in halves.items()}, file)
        with pytest.raises(ModelError, match=r"was made for another model|is damaged"):
            attach(copy.deepcopy(pipeline), [file])
