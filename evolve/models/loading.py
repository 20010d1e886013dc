"""Loading a model: from its files to a pipeline on a device."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch

from evolve.errors import ModelError, ordinary_errors
from evolve.models.assembling import assemble, fill
from evolve.models.catalog import ModelCard, describe
from evolve.models.files.fingerprint import CONFIGURATION, WEIGHTS, identity, states
from evolve.models.fitting import quantised
from evolve.models.fitting.offloading import Visitors, size_of, visiting
from evolve.models.hub.advice import advice
from evolve.models.loras.attaching import Loras, attach
from evolve.models.machine import memory, openvino
from evolve.models.machine.compiling import (
    Obstacle,
    compile_forward,
    obstacle_to_compiling,
    restore_forward,
)
from evolve.models.machine.devices import best_device, best_dtype, hardware, require_present
from evolve.models.pipelines import load_pipeline
from evolve.models.tiny_vae import load_tiny
from evolve.rendering.manner import USUAL, Manner
from evolve.rendering.protocol import ModelInfo

USUAL_ROWS = 8
"""Rows per forward, where they are not measured."""

LARGE = 1_000_000_000
"""Numbers of weights above which a text encoder has the denoiser's precision, to save memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """A pipeline on its device, with what the painter needs to know about it."""

    info: ModelInfo
    pipeline: Any
    denoiser_name: str
    """Attribute of the pipeline that holds the denoiser."""
    device: str
    dtype: torch.dtype
    """Precision of the tensors that the denoiser takes."""
    rows: int | None
    """Rows of every forward; None if each call is a forward of its own."""
    scale: int
    """Pixels per latent cell."""
    unit: int
    """Width and height of a picture are multiples of this."""
    preview_factors: Sequence[Sequence[float]] | None
    loras: Loras | None = None
    clip: Path | None = None
    """Folder of the CLIP that comes with the model."""
    tiny: torch.nn.Module | None = None
    """The autoencoder that decodes previews, if there is one."""
    visitors: tuple[str, ...] = ()
    """Parts that are on the device only while they are used, because its memory is too small."""
    manner: Manner = USUAL
    """How pictures are computed where there is a choice."""

    @property
    def denoiser(self) -> torch.nn.Module:
        """The module that predicts the noise (or the flow)."""
        module: torch.nn.Module = getattr(self.pipeline, self.denoiser_name)
        return module

    @property
    def precision(self) -> str:
        """Name of `dtype`; OpenVINO may compute in another precision, which the record names."""
        return name_of(self.dtype)

    def with_rows(self, rows: int | None, one_by_one: str = "") -> LoadedModel:
        """Return the model with this number of rows; None paints one by one, for a reason."""
        why = {"one_by_one": one_by_one} if one_by_one else {}
        record = {**self.info.record, "rows": rows, **why}
        return replace(self, rows=rows, info=replace(self.info, record=record))

    @property
    def obstacle_to_compiling(self) -> Obstacle | None:
        """Why its denoiser cannot be compiled on this machine; None if it can."""
        has_loras, turns = self.loras is not None, bool(self.visitors)
        return obstacle_to_compiling(self.device, loras=has_loras, turns=turns)

    def in_manner(self, manner: Manner) -> LoadedModel:
        """Return the model in a manner; its modules are changed to compute in it.

        Raises:
            ModelError: The manner wants compiled code, and the model cannot be compiled here.
        """
        if manner.compiled and openvino.has_compiled(self.denoiser):
            manner = replace(manner, compiled=False)
        manner = replace(manner, streams=openvino.use_streams(self.denoiser, manner.streams))
        form = torch.channels_last if manner.channels_last else torch.contiguous_format
        if manner.channels_last != self.manner.channels_last:
            modules: tuple[Any, ...] = self.denoiser, self.pipeline.vae
            for module in modules:
                module.to(memory_format=form)
        if manner.compiled != self.manner.compiled:
            if manner.compiled:
                if obstacle := self.obstacle_to_compiling:
                    raise ModelError(
                        f"model '{self.info.name}' painted by compiled code before, and cannot be "
                        f"compiled here, for {obstacle.why}: "
                        f"{obstacle.cures('paint where that was done')}"
                    )
                compile_forward(self.denoiser)
            else:
                restore_forward(self.denoiser)
        record = manner.noted_in(self.info.record)
        return replace(self, manner=manner, info=replace(self.info, record=record))


@dataclass(frozen=True, slots=True)
class WayToPaint:
    """How this machine computes with a model."""

    card: ModelCard
    device: str
    dtype: torch.dtype
    plain: bool
    """Whether it comes with fancier, and has no LoRA."""
    compiled: bool
    """Whether OpenVINO computes it."""
    record: Mapping[str, Any]
    """All of this as the record of a picture states it."""
    states: Sequence[Sequence[int]]
    """Of the files that it states."""

    @property
    def digest(self) -> str:
        """Identifies what is compiled; it depends on weights and configurations."""
        both = f"{self.record[WEIGHTS]} {self.record[CONFIGURATION]}"
        return hashlib.sha256(both.encode()).hexdigest()


def way_of(name: str, *, device: str | None = None) -> WayToPaint:
    """Return how this machine computes with a model on a device, or its best one; loads nothing.

    Raises:
        ModelError: There is no such model or device.
    """
    card = describe(name)
    device = require_present(device) if device else best_device()
    dtype = best_dtype(device)
    plain = card.kind == "embedded" and not card.loras  # a compiled graph has no hooks
    compiled = plain and device == "cpu" and openvino.available()
    found = states(card)
    record = {
        "model": card.name,
        **identity(card),
        "pipeline": card.pipeline,
        "device": hardware(device),
        "dtype": name_of(dtype),
        "threads": torch.get_num_threads() if device == "cpu" else 0,
        "versions": {**_versions(), **({"openvino": openvino.version()} if compiled else {})},
    }
    return WayToPaint(card, device, dtype, plain, compiled, record, found)


def load_model(name: str, *, device: str | None = None, tiny_vae: str | None = None) -> LoadedModel:
    """Load a model by name, onto the best device here if none is given.

    Previews are made by the tiny autoencoder of that name, else by that of the model's family, if
    it is here.

    Raises:
        ModelError: There is no such model, it cannot be loaded, or is changed meanwhile.
    """
    way = way_of(name, device=device)
    card, device = way.card, way.device
    taken = torch.float32 if way.compiled else way.dtype
    try:
        with ordinary_errors():
            pipeline, visitors = _on_device(way, _precisions(card, taken))
            loras = attach(pipeline, card.loras) if card.loras else None
    except ModelError:
        raise
    except Exception as error:  # libraries raise anything for damaged files or too little memory
        raise ModelError(advice(card.name, error)) from error
    if states(card) != way.states:  # pictures would name files that did not paint them
        raise ModelError(
            f"model '{card.name}' was changed while it was loaded: the same command loads it again"
        )
    pipeline.set_progress_bar_config(disable=True)
    return LoadedModel(
        info=ModelInfo(
            name=card.name,
            latent=card.latent,
            pixels=card.pixels,
            settings=card.settings,
            record=way.record,
        ),
        pipeline=pipeline,
        denoiser_name=card.denoiser,
        device=device,
        dtype=taken,
        rows=USUAL_ROWS,
        scale=card.scale,
        unit=card.unit,
        preview_factors=_preview_factors(card),
        loras=loras,
        clip=card.clip,
        tiny=load_tiny(card, tiny_vae, device=device, dtype=way.dtype),
        visitors=visitors,
    )


def _on_device(
    way: WayToPaint, precisions: Mapping[str, torch.dtype]
) -> tuple[Any, tuple[str, ...]]:
    """Return the pipeline of a model on its device, and the parts that take turns there.

    Raises:
        ModelError: It does not fit there, or a library is missing.
    """
    card, device = way.card, way.device
    methods = quantised.methods_of(card)
    quantised.require_library(card, methods, device)
    on_gpu = device.startswith("cuda")
    if card.kind != "file" or not on_gpu:  # of a file the parts are not known
        sizes = memory.bytes_by_part(card, precisions, methods)
        visiting(card, sizes, device, fixed=methods)  # refuses now what cannot fit
    if way.plain:
        # What is compiled already needs no weights here.
        pipeline = assemble(card, precisions, empty="unet" if way.compiled else None)
    else:
        pipeline = load_pipeline(card, precisions)
    modules = {part: getattr(pipeline, part) for part in precisions}
    for part, module in modules.items():
        if card.kind in ("embedded", "file") and part not in methods:  # others have it already
            cast(module, precisions[part])
        module.eval().requires_grad_(False)
    sizes = {part: size_of(module) for part, module in modules.items()}
    visitors = visiting(card, sizes, device, fixed=methods) if on_gpu else ()
    for part in modules.keys() - set(visitors):
        modules[part].to(device)
    if visitors:
        parts = {part: modules[part] for part in visitors}
        Visitors(parts, device, free=partial(memory.free, device))
    if way.compiled:
        fill_unet = partial(fill, pipeline.unet, card, "unet", precisions["unet"])
        openvino.accelerate(pipeline, fingerprint=way.digest, dtype=way.dtype, fill=fill_unet)
    return pipeline, visitors


def _preview_factors(card: ModelCard) -> Sequence[Sequence[float]] | None:
    """Return the preview factors that a model states; None if there are no valid ones."""
    try:
        factors = np.asarray(card.extra["latent_rgb"], dtype=np.float64)
    except (LookupError, TypeError, ValueError, OverflowError):
        return None
    fits = factors.shape == (card.latent[0] + 1, 3) and bool(np.isfinite(factors).all())
    return factors.tolist() if fits else None


def name_of(dtype: torch.dtype) -> str:
    """Return the name of a precision, as in `bfloat16`."""
    return str(dtype).removeprefix("torch.")


def cast(module: torch.nn.Module, dtype: torch.dtype) -> None:
    """Convert a module to a precision, except what its library keeps in float32.

    Time embeddings and norms of some denoisers overflow in half precision, or are written for
    float32 alone (`_keep_in_fp32_modules`).
    """
    kept = set(getattr(module, "_keep_in_fp32_modules", None) or ())
    if not kept or dtype.itemsize >= torch.float32.itemsize:
        module.to(dtype)
        return
    for name, values in [*module.named_parameters(), *module.named_buffers()]:
        if values.is_floating_point():
            exact = kept & set(name.split("."))
            values.data = values.data.to(torch.float32 if exact else dtype)


def _precisions(card: ModelCard, dtype: torch.dtype) -> dict[str, torch.dtype]:
    """Return the precision of each part.

    That is float32, except for the denoiser, which takes most of the time, and large text encoders.
    """
    numbers = memory.by_part(card)
    inner = {card.denoiser: dtype, "vae": torch.float32}
    return {
        part: inner.get(part, dtype if numbers.get(part, 0) > LARGE else torch.float32)
        for part in card.parts
    }


def _versions() -> dict[str, str]:
    return {
        "torch": str(torch.__version__),  # plain text, so that reading the record needs no torch
        "diffusers": version("diffusers"),
        "transformers": version("transformers"),
    }
