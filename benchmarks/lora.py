"""Do LoRAs change a model as they do in diffusers with peft, whatever dialect they are written in?

A small Stable Diffusion with random weights, and the same random LoRA of its UNet and its text
encoder as trainers write it. Each is loaded by diffusers with peft and by fancier; the table shows
the largest difference between what the two give for the same input, beside the largest change that
the LoRA makes at all. It needs peft, which fancier does not: `pip install peft`.

    python -m benchmarks.lora
"""

import copy
import json
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from diffusers.utils import logging as diffusers_logging
from safetensors.torch import save_file
from tiny import stable_diffusion
from transformers.utils import logging as transformers_logging

from evolve.models.loras.attaching import attach

RANK = 4
BLOCK = "down_blocks.0.attentions.0.transformer_blocks.0"
UNET = tuple(f"{BLOCK}.attn{n}.to_{part}" for n in (1, 2) for part in "qkv")
TEXT = tuple(f"encoder.layers.0.self_attn.{part}_proj" for part in ("q", "k", "v", "out"))
Tensors = Mapping[str, torch.Tensor]


def matrices(pipeline: Any, part: str, layers: tuple[str, ...], seed: int) -> dict[str, Any]:
    """Return random (down, up) for some layers of a part."""
    draw = torch.Generator().manual_seed(seed)
    made = {}
    for layer in layers:
        weight = getattr(pipeline, part).get_submodule(layer).weight
        down = torch.randn(RANK, weight.shape[1], generator=draw) * 0.3
        made[layer] = down, torch.randn(weight.shape[0], RANK, generator=draw) * 0.3
    return made


def kohya(unet: Mapping[str, Any], text: Mapping[str, Any]) -> tuple[Tensors, dict[str, str]]:
    """Return the LoRA as kohya's scripts and most exchanges have it, alpha half of the rank."""
    tensors = {}
    named = {f"lora_unet_{layer}": pair for layer, pair in unet.items()}
    named |= {f"lora_te_text_model_{layer}": pair for layer, pair in text.items()}
    for name, (down, up) in named.items():
        flat = name.replace(".", "_")
        tensors[f"{flat}.lora_down.weight"], tensors[f"{flat}.lora_up.weight"] = down, up
        tensors[f"{flat}.alpha"] = torch.tensor(RANK / 2)
    return tensors, {}


def diffusers(unet: Mapping[str, Any], text: Mapping[str, Any]) -> tuple[Tensors, dict[str, str]]:
    """Return the LoRA as diffusers' training scripts write it."""
    tensors = {}
    named = {f"unet.{layer}": pair for layer, pair in unet.items()}
    named |= {f"text_encoder.text_model.{layer}": pair for layer, pair in text.items()}
    for name, (down, up) in named.items():
        tensors[f"{name}.lora_A.weight"], tensors[f"{name}.lora_B.weight"] = down, up
    return tensors, {}


def stated(unet: Mapping[str, Any], text: Mapping[str, Any]) -> tuple[Tensors, dict[str, str]]:
    """Return the same with alphas by layer in the header, rank-stabilised."""
    tensors, _ = diffusers(unet, text)
    header: dict[str, Any] = {}
    for part, layers in (("unet", unet), ("text_encoder", text)):
        if layers:
            header |= {
                f"{part}.r": RANK,
                f"{part}.lora_alpha": 3,
                f"{part}.use_rslora": True,
                f"{part}.target_modules": sorted({layer.rpartition(".")[2] for layer in layers}),
            }
    if unet:
        header["unet.alpha_pattern"] = {f"{BLOCK}.attn1.to_q": 6}
    return tensors, {"lora_adapter_metadata": json.dumps(header), "format": "pt"}


DIALECTS = {"kohya": kohya, "diffusers": diffusers, "diffusers, stabilised": stated}


def outputs(pipeline: Any) -> dict[str, torch.Tensor]:
    """Return what both parts give."""
    draw = torch.Generator().manual_seed(1)
    with torch.no_grad():
        words = pipeline.text_encoder(torch.tensor([[3, 4, 5]])).last_hidden_state
        noise = torch.randn(1, 4, 8, 8, generator=draw)
        context = torch.randn(1, 5, 16, generator=draw)
        return {"text": words, "unet": pipeline.unet(noise, 500.0, context).sample}


def compare(pipeline: Any, files: list[Path], weights: list[float]) -> tuple[float, float]:
    """Return the largest difference between the two, and the largest change."""
    reference, attached = copy.deepcopy(pipeline), copy.deepcopy(pipeline)
    names = [f"lora{k}" for k in range(len(files))]
    for name, file in zip(names, files, strict=True):
        reference.load_lora_weights(str(file.parent), weight_name=file.name, adapter_name=name)
    reference.set_adapters(names, weights)
    with attach(attached, files).at([tuple(weights)]):
        got = outputs(attached)
    expected, before = outputs(reference), outputs(pipeline)
    apart = max(float((got[part] - expected[part]).abs().max()) for part in got)
    return apart, max(float((got[part] - before[part]).abs().max()) for part in got)


def main() -> None:
    """Measure and print."""
    warnings.simplefilter("ignore")
    for library in (diffusers_logging, transformers_logging):
        library.set_verbosity_error()
        library.disable_progress_bar()
    pipeline = stable_diffusion()
    print(f"{'dialect':<24}{'part':<16}{'weight':<14}{'largest difference':>20}{'change':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for dialect, write in DIALECTS.items():
            files = {}
            for part, layers in (("unet", UNET), ("text", ()), ("both", UNET)):
                texts = () if part == "unet" else TEXT
                for seed in (1, 2):
                    tensors, header = write(
                        matrices(pipeline, "unet", layers, seed),
                        matrices(pipeline, "text_encoder", texts, seed + 10),
                    )
                    name = f"{dialect}-{part}-{seed}.safetensors".replace(", ", "-")
                    files[part, seed] = Path(folder) / name
                    held = {k: v.contiguous() for k, v in tensors.items()}
                    save_file(held, files[part, seed], metadata=header or None)
                for weights in ([1.0], [-0.5], [0.8, -0.4]):
                    used = [files[part, seed] for seed in range(1, len(weights) + 1)]
                    apart, change = compare(pipeline, used, weights)
                    shown = " + ".join(f"{w:g}" for w in weights)
                    print(f"{dialect:<24}{part:<16}{shown:<14}{apart:>20.1e}{change:>10.2f}")


if __name__ == "__main__":
    main()
