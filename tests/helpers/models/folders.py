"""Folders that look like diffusers pipelines, with real safetensors of random numbers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

UNET = {"in_channels": 4, "sample_size": 64, "block_out_channels": [32, 64, 64, 64]}
VAE = {"latent_channels": 4, "block_out_channels": [32, 32, 32, 32]}
SCHEDULER = {"_class_name": "PNDMScheduler", "timestep_spacing": "leading"}
INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "unet": ["diffusers", "UNet2DConditionModel"],
    "vae": ["diffusers", "AutoencoderKL"],
    "text_encoder": ["transformers", "CLIPTextModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "scheduler": ["diffusers", "PNDMScheduler"],
    "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
}
WEIGHTS = (
    "unet/diffusion_pytorch_model.safetensors",
    "vae/diffusion_pytorch_model.safetensors",
    "text_encoder/model.safetensors",
)


class Bomb:
    """Leaves a mark where it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return Path.touch, (self.mark,)


def write_json(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data))


def change(file: Path, **values: object) -> None:
    """Change entries of a JSON object."""
    write_json(file, {**json.loads(file.read_text()), **values})


def write_weights(path: Path, *, seed: int = 0, numbers: int = 5000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    values = np.random.default_rng(seed).standard_normal(numbers).astype(np.float32)
    save_file({"weight": values}, path)


def write_lora(path: Path) -> None:
    """Write the smallest file that is a LoRA by its header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = np.zeros((1, 1), np.float32)
    save_file({f"unet.conv_in.lora_{side}.weight": half for side in "AB"}, path)


def write_pipeline(folder: Path, *, seed: int = 0, **index: object) -> Path:
    """Write a folder with all files of a small Stable Diffusion; `index` changes its index."""
    write_json(folder / "model_index.json", {**INDEX, **index})
    write_json(folder / "unet/config.json", UNET)
    write_json(folder / "vae/config.json", VAE)
    write_json(folder / "scheduler/scheduler_config.json", SCHEDULER)
    write_json(folder / "text_encoder/config.json", {})
    write_json(folder / "tokenizer/vocab.json", {"a": 0})
    (folder / "README.md").write_text("---\nlicense: openrail++\ntags:\n- small\n---\n# Small\n")
    for n, name in enumerate(WEIGHTS):
        write_weights(folder / name, seed=10 * seed + n)
    return folder
