"""Loading a model: from its folder to a pipeline on a device.

Only safetensors are read, no code is run that comes with a model, and nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("DIFFUSERS_DISABLE_REMOTE_CODE", "1")  # read when diffusers is imported

import torch

from evolve.errors import ModelError
from evolve.models.catalog import ModelCard, describe
from evolve.rendering.protocol import ModelInfo

ROWS_ON_CPU = 8
"""Rows per forward on a processor: near its best throughput, and the first pictures come early."""

ROWS_ON_GPU = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """A pipeline on its device, with what the painter must know of it."""

    info: ModelInfo
    pipeline: Any
    denoiser_name: str
    """Attribute of the pipeline that holds the denoiser."""
    device: str
    dtype: torch.dtype
    rows: int
    """Rows of every forward."""
    scale: int
    """Pixels per latent cell."""
    preview_factors: Sequence[Sequence[float]] | None

    @property
    def denoiser(self) -> torch.nn.Module:
        """The module that predicts the noise (or the flow)."""
        module: torch.nn.Module = getattr(self.pipeline, self.denoiser_name)
        return module


def load_model(name: str, *, device: str | None = None) -> LoadedModel:
    """Load a model by name.

    Args:
        name: As `evolve.models.catalog.describe` takes it.
        device: A torch device; the best one here if not given.

    Raises:
        ModelError: There is no such model, or it cannot be loaded; says what helps.
    """
    card = describe(name)
    device = device or best_device()
    dtype = best_dtype(device)
    rows = ROWS_ON_CPU if device == "cpu" else ROWS_ON_GPU
    pipeline = _pipeline(card)
    pipeline.unet.to(device, dtype).eval()
    pipeline.vae.to(device, torch.float32).eval()
    pipeline.text_encoder.to(device, torch.float32).eval()
    pipeline.set_progress_bar_config(disable=True)
    record = {
        "model": card.name,
        "fingerprint": fingerprint(card.folder),
        "device": _device_name(device),
        "dtype": str(dtype).removeprefix("torch."),
        "rows": rows,
        "threads": torch.get_num_threads() if device == "cpu" else 0,
        "versions": _versions(),
    }
    return LoadedModel(
        info=ModelInfo(
            name=card.name,
            latent=card.latent,
            pixels=card.pixels,
            settings=card.settings,
            record=record,
        ),
        pipeline=pipeline,
        denoiser_name="unet",
        device=device,
        dtype=dtype,
        rows=rows,
        scale=card.scale,
        preview_factors=card.extra.get("latent_rgb"),
    )


def best_device() -> str:
    """Return the torch device to paint on: CUDA, Apple's, or the processor."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def best_dtype(device: str) -> torch.dtype:
    """Return the precision of the denoiser: bfloat16 where the hardware computes in it.

    On a processor with AVX512-BF16 or AMX it is about twice as fast as float32; on others it is
    emulated and several times slower.
    """
    if device == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    if device == "cpu" and torch.cpu._is_avx512_bf16_supported():
        return torch.bfloat16
    return torch.float32


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of all weights of a model, 64 hexadecimal digits."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*.safetensors")):
        with file.open("rb") as stream:
            total.update(hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()


def _pipeline(card: ModelCard) -> Any:
    import diffusers
    import transformers

    diffusers.logging.set_verbosity_error()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    diffusers.logging.disable_progress_bar()
    try:
        return diffusers.StableDiffusionPipeline.from_pretrained(
            card.folder, use_safetensors=True, local_files_only=True, safety_checker=None
        )
    except Exception as error:  # whatever a damaged folder makes the loaders raise
        raise ModelError(
            f"model '{card.name}' cannot be loaded from {card.folder}: {_first_line(error)}"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _device_name(device: str) -> str:
    if device == "cuda":
        return torch.cuda.get_device_name()
    return f"{device} {platform.machine()} {torch.backends.cpu.get_cpu_capability()}"


def _versions() -> dict[str, str]:
    import diffusers
    import transformers

    return {
        "torch": torch.__version__,
        "diffusers": diffusers.__version__,
        "transformers": transformers.__version__,
    }
