"""LoRAs (Hu et al. 2021, arXiv:2106.09685) whose weights may differ from row to row of a batch.

A LoRA adds `weight * B A x` to the output of some layers; several add up. Where a library fixes one
weight for the whole model, here each row of a forward has its own: genomes with different weights
are painted in one batch, and none sees the weight of another. The weights of the layers themselves
stay as they are, so that a LoRA of weight 0 is the model without it, exactly. How files name and
scale their layers is in `lora_file.py`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from evolve.errors import ModelError
from evolve.models.loras.lora_file import read_lora
from evolve.models.loras.naming import LAYERS, layer_at
from evolve.rendering.pacing.unhurried import sent

Weights = tuple[float, ...]
"""One for each LoRA of a model, in the order of the model's name."""


class Loras:
    """The LoRAs of a pipeline, with their weights during a forward; otherwise without effect."""

    def __init__(self) -> None:
        """Begin without effect."""
        self._rows: tuple[Weights, ...] = ((),)
        self._there: dict[tuple[Any, ...], torch.Tensor] = {}

    @contextlib.contextmanager
    def at(self, rows: Sequence[Weights]) -> Iterator[None]:
        """Run forwards with these weights, one set for each row."""
        self._rows, self._there = tuple(rows), {}
        try:
            yield
        finally:
            self._rows, self._there = ((),), {}

    def add_to(self, output: torch.Tensor, change: torch.Tensor, place: int) -> torch.Tensor:
        """Return the output of a layer, (rows, ...), with its change by the LoRA at a place."""
        # Once for all layers: each transfer would wait for the GPU.
        key = place, len(change), change.dtype, change.device
        if key not in self._there:
            here = torch.tensor(self._weights(place, len(change)), dtype=change.dtype)
            self._there[key] = sent(here, change.device)
        return output + self._there[key].view(-1, *[1] * (change.ndim - 1)) * change

    def _weights(self, place: int, count: int) -> list[float]:
        """Return the weight of the LoRA at a place for each of `count` rows."""
        weights = [row[place] if place < len(row) else 0.0 for row in self._rows]
        if len(weights) != count:
            if len(set(weights)) != 1:  # the hub then asks again, row by row
                raise ValueError("this layer sees other rows than the denoiser")
            weights = weights[:1] * count
        return weights


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer's change by one LoRA: up(down(x)), scaled as the LoRA was trained."""

    loras: Loras
    place: int
    """Place of the LoRA among those of the model."""
    down: torch.Tensor
    up: torch.Tensor
    scale: float

    def __call__(self, module: nn.Module, args: tuple[Any, ...], output: Any) -> Any:
        """Forward hook of the layer."""
        x = args[0].to(self.down.dtype)
        if isinstance(module, nn.Conv2d):
            low = functional.conv2d(
                x, self.down, None, module.stride, module.padding, module.dilation
            )
            change = functional.conv2d(low, self.up)
        else:
            change = functional.linear(functional.linear(x, self.down), self.up)
        return self.loras.add_to(output, (change * self.scale).to(output.dtype), self.place)


def attach(pipeline: Any, files: Sequence[Path]) -> Loras:
    """Add the LoRAs in safetensors files to a pipeline whose parts are on their devices.

    Raises:
        ModelError: A file is no LoRA, or one for another kind of model.
    """
    loras = Loras()
    for place, file in enumerate(files):
        _attach(pipeline, file, loras, place)
    return loras


def _attach(pipeline: Any, file: Path, loras: Loras, place: int) -> None:
    for path, (down, up, scale) in read_lora(pipeline, file).items():
        try:
            module = layer_at(pipeline, path)
            _check(module, down, up)
        except (AttributeError, KeyError, ValueError) as error:
            raise ModelError(
                f"LoRA '{file.name}' was made for another model: its layer '{path}' does not fit"
            ) from error
        weight = module.weight
        # Quantised weights may be packed as whole numbers.
        dtype = weight.dtype if weight.is_floating_point() else torch.float32
        kept = {"device": weight.device, "dtype": dtype}
        module.register_forward_hook(_Layer(loras, place, down.to(**kept), up.to(**kept), scale))


def _check(module: nn.Module, down: torch.Tensor, up: torch.Tensor) -> None:
    """Raise ValueError unless the matrices belong to the layer."""
    if not isinstance(module, LAYERS):
        raise ValueError("not a layer that a LoRA changes")
    shape = module.weight.shape
    if isinstance(module, nn.Linear):  # whose quantised weights may be packed in another shape
        shape = torch.Size((module.out_features, module.in_features))
    if not len(shape) == down.ndim == up.ndim:
        raise ValueError("a matrix for a convolution, or the other way round")
    if down.shape[1:] != shape[1:] or up.shape[0] != shape[0] or up[0, 0].numel() != 1:
        raise ValueError("another size")
    if down.shape[0] != up.shape[1]:
        raise ValueError("halves of different rank")
