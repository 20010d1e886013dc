"""LoRA (Hu et al. 2021, arXiv:2106.09685) whose weight may differ from row to row of a batch.

A LoRA adds `weight * B A x` to the output of some layers. Where a library fixes one weight for the
whole model, here each row of a forward has its own: genomes with different weights are painted in
one batch, and none sees the weight of another. The weights of the layers themselves stay as they
are, so that a LoRA of weight 0 is the model without it, exactly.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from evolve.errors import ModelError

_OTHER_KINDS = ("dora_scale", "lora_magnitude_vector", "lora_B.bias", ".lokr_", ".hada_")


class Lora:
    """The LoRA of a pipeline, and the weights it has in the forward that runs; 0 in any other."""

    def __init__(self) -> None:
        """Begin without effect."""
        self._weights: tuple[float, ...] = (0.0,)

    @contextlib.contextmanager
    def at(self, weights: Sequence[float]) -> Iterator[None]:
        """Run forwards with these weights, one per row."""
        self._weights = tuple(weights)
        try:
            yield
        finally:
            self._weights = (0.0,)

    def add_to(self, output: torch.Tensor, change: torch.Tensor) -> torch.Tensor:
        """Return the output of a layer, (rows, ...), with its change added by the rows' weights."""
        weights = self._weights
        if len(weights) != len(change):
            if len(set(weights)) != 1:  # the hub then asks again, row by row
                raise ValueError("this layer sees other rows than the denoiser")
            weights = weights[:1] * len(change)
        spread = torch.tensor(weights, dtype=change.dtype, device=change.device)
        return output + spread.view(-1, *[1] * (change.ndim - 1)) * change


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer's change: up(down(x)), scaled as the LoRA was trained."""

    lora: Lora
    down: torch.Tensor
    up: torch.Tensor
    scale: float

    def __call__(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> Any:
        """Forward hook of the layer."""
        x = args[0]
        if isinstance(module, nn.Conv2d):
            low = functional.conv2d(
                x, self.down, None, module.stride, module.padding, module.dilation
            )
            change = functional.conv2d(low, self.up)
        else:
            change = functional.linear(functional.linear(x, self.down), self.up)
        return self.lora.add_to(output, change * self.scale)


def attach(pipeline: Any, file: Path) -> Lora:
    """Add the LoRA in a safetensors file to a pipeline whose parts are on their devices.

    Raises:
        ModelError: The file is no LoRA, or one of another kind of model.
    """
    tensors, alphas = _read(pipeline, file)
    lora, layers = Lora(), 0
    for key, down in tensors.items():
        path, found, rest = key.partition(".lora_A.")
        if not found:
            continue
        part, _, inner = path.partition(".")
        try:
            module = getattr(pipeline, part).get_submodule(inner)
            up = tensors[f"{path}.lora_B.{rest}"]
            _check(module, down, up)
        except (AttributeError, KeyError, ValueError) as error:
            raise ModelError(
                f"LoRA '{file.name}' was made for another model: its layer {path} does not fit"
            ) from error
        kept = {"device": module.weight.device, "dtype": module.weight.dtype}
        scale = float(alphas.get(path, len(down))) / len(down)
        module.register_forward_hook(_Layer(lora, down.to(**kept), up.to(**kept), scale))
        layers += 1
    if not layers:
        raise ModelError(
            f"'{file.name}' is not a LoRA that fancier knows: it has no lora_A and lora_B"
        )
    return lora


def _read(pipeline: Any, file: Path) -> tuple[dict[str, torch.Tensor], dict[str, float]]:
    """Return the matrices, named `part.layer.lora_A.weight`, and the alphas of a file."""
    from safetensors import safe_open
    from safetensors.torch import load_file

    if not hasattr(pipeline, "lora_state_dict"):
        raise ModelError(f"a {type(pipeline).__name__} takes no LoRA: name the model alone")
    raw = load_file(file)
    if any(mark in key for key in raw for mark in _OTHER_KINDS):
        raise ModelError(f"'{file.name}' is a DoRA, LoKr or LoHa: fancier adds plain LoRAs")
    options = {"unet_config": pipeline.unet.config} if hasattr(pipeline, "unet") else {}
    answer = pipeline.lora_state_dict(raw, return_alphas=True, **options)
    tensors, alphas_found = answer[:2] if isinstance(answer, tuple) else (answer, None)
    with safe_open(file, "pt") as opened:
        stated = json.loads((opened.metadata() or {}).get("lora_adapter_metadata", "{}"))
    new = _names_of_today([*tensors, *(alphas_found or {})])
    tensors = {new.get(name, name): tensor for name, tensor in tensors.items()}
    alphas = {**{k: v for k, v in tensors.items() if k.endswith(".alpha")}, **(alphas_found or {})}
    beside = {
        new.get(k, k).removesuffix(".alpha").partition(".lora_")[0]: float(v)
        for k, v in alphas.items()
    }
    return tensors, {**_stated(tensors, stated), **beside}


def _names_of_today(names: Sequence[str]) -> dict[str, str]:
    """Return the new names of tensors that are named as in earlier years."""
    from diffusers.utils.state_dict_utils import (
        convert_state_dict_to_peft,
        convert_unet_state_dict_to_peft,
    )

    old = [name for name in names if "lora_A" not in name and "lora_B" not in name]
    text = [name for name in old if name.startswith("text_encoder")]
    new = convert_unet_state_dict_to_peft({name: name for name in old if name not in text})
    with contextlib.suppress(ValueError):  # of no dialect it knows
        new.update(convert_state_dict_to_peft({name: name for name in text}))
    return {before: after for after, before in new.items()}


def _stated(tensors: Mapping[str, torch.Tensor], stated: Mapping[str, Any]) -> dict[str, float]:
    """Return alpha by layer, where the file's header has one for all layers of a part."""
    alphas = {}
    for key in tensors:
        path = key.partition(".lora_")[0]
        alpha = stated.get(f"{path.partition('.')[0]}.lora_alpha")
        if alpha is not None:
            alphas[path] = float(alpha)
    return alphas


def _check(module: nn.Module, down: torch.Tensor, up: torch.Tensor) -> None:
    """Raise ValueError unless the matrices belong to the layer."""
    if not isinstance(module, nn.Linear | nn.Conv2d):
        raise ValueError("not a layer that a LoRA changes")
    if isinstance(module, nn.Linear) != (down.ndim == 2):
        raise ValueError("a matrix for a convolution, or the other way round")
    if down.shape[1] != module.weight.shape[1] or up.shape[0] != module.weight.shape[0]:
        raise ValueError("another size")
    if down.shape[0] != up.shape[1]:
        raise ValueError("halves of different rank")
