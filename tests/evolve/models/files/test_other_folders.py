"""A folder that holds no whole pipeline is said to be what it is, with what to do instead."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from evolve.errors import ModelError
from evolve.models.catalog import describe
from evolve.models.files.scaled_weights import require_unscaled
from evolve.models.files.staging import require_sane

UNET = "unet/diffusion_pytorch_model.safetensors"


def instead(name: str) -> Callable[[Path], Path]:
    def change(folder: Path) -> Path:
        (folder / UNET).rename(folder / "unet" / name)
        return folder

    return change


def inside(folder: Path) -> Path:
    (folder / "deeper").mkdir()
    for each in list(folder.iterdir()):
        if each.name != "deeper":
            each.rename(folder / "deeper" / each.name)
    return folder


def alone(folder: Path) -> Path:
    (folder.parent / "alone").mkdir()
    return Path(shutil.copy(folder / UNET, folder.parent / "alone/model.safetensors")).parent


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder)
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda folder: folder / "unet", "is a part of one: name the folder above, '.*/copy'$"),
        (inside, r"name the folder in it that has one \(.*/copy/deeper\)"),
        (alone, "name the file, such as .*/alone/model.safetensors"),
        (
            emptied,
            "has no model_index.json and is not a diffusers pipeline: name a folder that has one",
        ),
        (instead("model.onnx"), "has its unet only in ONNX, which fancier does not read"),
        (instead("unet-Q4.gguf"), "has its unet only in GGUF"),
        (instead("diffusion_pytorch_model.bin"), "has its unet only as a pickle"),
        (
            instead("unet.safetensors"),
            "if they are in unet.safetensors, rename it to diffusion_pytorch_model",
        ),
        (
            instead("diffusion_pytorch_model-00001-of-00001.safetensors"),
            "of several files some are not there, or their list",
        ),
    ],
)
def test_what_lies_there_instead_is_named(
    copy: Path, change: Callable[[Path], Path], message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        describe(str(change(copy)))


@pytest.mark.parametrize("scale", ["scale_weight", "weight_scale_inv", "comfy_quant"])
def test_weights_with_scales_beside_them_are_refused(copy: Path, scale: str) -> None:
    weights = load_file(copy / UNET)
    weights = {name: value.to(torch.float8_e4m3fn) for name, value in weights.items()}
    save_file({**weights, f"conv_in.{scale}": torch.ones(1)}, copy / UNET)
    with pytest.raises(ModelError, match=rf"quantised weights .*\('conv_in.{scale}'\)"):
        require_sane("sd", copy, [UNET])


def test_whole_numbers_are_no_weights(copy: Path) -> None:
    weights = load_file(copy / UNET)
    save_file({**weights, "conv_in.weight": torch.ones(16, 4, 3, 3).to(torch.int8)}, copy / UNET)
    with pytest.raises(ModelError, match="quantised weights without a configuration"):
        require_sane("sd", copy, [UNET])
    save_file({**weights, "position_ids": torch.arange(6).view(2, 3)}, copy / UNET)
    require_sane("sd", copy, [UNET])
    require_unscaled("sd", {})
