"""The pipeline of a model that comes with fancier, put together from its parts.

It is what `from_pretrained` of the libraries returns, in a fraction of the time: they look for much
that these files do not have (shards, adapters, other names of weights).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from unittest import mock

import torch

from evolve.models.catalog import ModelCard
from evolve.models.files import allowed_files, pipeline_files

INITIAL = ("kaiming_uniform_", "normal_", "ones_", "uniform_", "zeros_")
"""Functions of `torch.nn.init` that draw the first weights of modules."""


def assemble(
    card: ModelCard, precisions: Mapping[str, torch.dtype], *, empty: str | None = None
) -> Any:
    """Return the pipeline of an embedded model, its parts in these precisions.

    The weights of the part `empty` stay undefined until `fill`.
    """
    from diffusers import (
        AutoencoderKL,
        StableDiffusionPipeline,
        UNet2DConditionModel,
        UniPCMultistepScheduler,
    )
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

    def config(part: str, name: str = "config.json") -> dict[str, Any]:
        return allowed_files.read_json(card.folder / part / name, card.name)

    def part(name: str, build: Callable[[dict[str, Any]], torch.nn.Module]) -> torch.nn.Module:
        with _uninitialised():
            module = build(config(name))
        if name != empty:
            fill(module, card, name, precisions[name])
        return module

    index = allowed_files.read_json(card.folder / pipeline_files.INDEX, card.name)
    return StableDiffusionPipeline(
        vae=part("vae", AutoencoderKL.from_config),
        text_encoder=part("text_encoder", lambda c: CLIPTextModel(CLIPTextConfig(**c))),
        tokenizer=CLIPTokenizer.from_pretrained(card.folder / "tokenizer", local_files_only=True),
        unet=part("unet", UNet2DConditionModel.from_config),
        scheduler=UniPCMultistepScheduler.from_config(config("scheduler", "scheduler_config.json")),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=bool(index.get("requires_safety_checker")),
    )


def fill(module: torch.nn.Module, card: ModelCard, part: str, precision: torch.dtype) -> None:
    """Give a module the weights of a part of a model."""
    from safetensors.torch import load_file

    (file,) = card.weights[part]
    weights = {name: value.to(precision) for name, value in load_file(file).items()}
    module.load_state_dict(weights, assign=True)


@contextlib.contextmanager
def _uninitialised() -> Iterator[None]:
    """Build modules without drawing initial weights, which are replaced at once."""
    with contextlib.ExitStack() as stack:
        for name in INITIAL:
            stack.enter_context(
                mock.patch.object(torch.nn.init, name, lambda weight, *_, **__: weight)
            )
        yield
