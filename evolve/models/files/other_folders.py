"""What is wrong with a folder that holds no whole pipeline, and the cure: parts of messages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

INDEX = "model_index.json"
PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")
_OTHER_KINDS = {".onnx": "in ONNX", ".gguf": "in GGUF", ".msgpack": "for Flax", ".h5": "for Keras"}
_INSIDE = 64
"""Folders inside that are searched for a pipeline."""


def without_index(name: str, folder: Path) -> str:
    """Return what is wrong with the folder of a model without a `model_index.json`."""
    start = f"model '{name}' has no {INDEX} and is not a diffusers pipeline"
    if (folder.parent / INDEX).is_file():
        return f"{start}; it is a part of one: name the folder above, '{folder.parent}'"
    try:
        inside = sorted(folder.iterdir())
    except OSError as error:
        return f"model '{name}' cannot be read: {error}"
    deeper = [each for each in inside[:_INSIDE] if (each / INDEX).is_file()]
    if deeper:
        names = ", ".join(str(each) for each in deeper[:4])
        return f"{start}: name the folder in it that has one ({names})"
    if files := [each for each in inside if each.suffix == ".safetensors"]:
        return f"{start}: to use a model in a single file, name the file, such as {files[0]}"
    if any(each.suffix in PICKLES for each in inside):
        return f"{start}, but pickles, which fancier never reads: look for one with safetensors"
    return f"{start}: name a folder that has one"


def without_weights(name: str, part: str, files: Iterable[str]) -> str:
    """Return what is wrong with a part whose weights are not complete, by all files there are."""
    inside = [file.rpartition("/")[2] for file in files if file.startswith(f"{part}/")]
    if any(file.endswith(PICKLES) for file in inside):
        return (
            f"model '{name}' has its {part} only as a pickle, which could run any code: "
            "look for one with safetensors, or convert it where you trust it"
        )
    for end, kind in _OTHER_KINDS.items():
        if any(file.endswith(end) for file in inside):
            return (
                f"model '{name}' has its {part} only {kind}, which fancier does not read: "
                "look for one with safetensors"
            )
    missing = f"model '{name}' is incomplete: weights (.safetensors) are missing in '{part}'"
    there = sorted(file for file in inside if file.endswith(".safetensors"))
    if not there:
        return missing
    if any("-of-" in file for file in there):
        return f"{missing}: of several files some are not there, or their list (.index.json)"
    wanted = "diffusion_pytorch_model.safetensors or model.safetensors"
    return f"{missing}: if they are in {there[0]}, rename it to {wanted}"
