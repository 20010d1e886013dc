"""How much memory a model needs, by the headers of its files, and how much there is."""

from __future__ import annotations

import contextlib
import math
import sys
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from evolve import procfs
from evolve.errors import ModelError
from evolve.models.catalog import ModelCard
from evolve.models.files.safetensors_headers import tensors_of

if TYPE_CHECKING:
    import torch

SPARE = 3 << 30
"""Bytes of memory that loading may take besides the weights: libraries, vocabularies, threads."""


def by_part(card: ModelCard) -> Mapping[str, int]:
    """Return how many numbers each part of a model has.

    Raises:
        ModelError: One of its files is damaged.
    """
    return {
        part: sum(math.prod(tensor.shape) for file in files for tensor in tensors_of(file).values())
        for part, files in card.weights.items()
    }


def bytes_by_part(
    card: ModelCard, precisions: Mapping[str, torch.dtype], quantised: Container[str]
) -> Mapping[str, int]:
    """Return the bytes that each part of a model takes when it is loaded.

    Parts without a precision take 2 bytes a number, quantised ones as much as their files.
    """
    return {
        part: sum(file.stat().st_size for file in card.weights[part])
        if part in quantised
        else numbers * (precisions[part].itemsize if part in precisions else 2)
        for part, numbers in by_part(card).items()
    }


@contextlib.contextmanager
def bounded(card: ModelCard) -> Iterator[None]:
    """Limit what more memory this process can take to what loading a model can need, on Linux.

    Libraries build what a configuration says before they read weights. Without a limit, the system
    would kill the process of a configuration that is too large.
    """
    used = procfs.size("self/status", "VmData") if sys.platform == "linux" else None
    if used is None:
        yield
        return
    import resource

    # Files are mapped, some copied, and numbers of 2 bytes become 4.
    needed = 3 * card.bytes + 4 * sum(by_part(card).values()) + SPARE
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    unlimited = resource.RLIM_INFINITY
    least = min(limit for limit in (used + needed, before, most) if limit != unlimited)
    resource.setrlimit(resource.RLIMIT_DATA, (least, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def available() -> int | None:
    """Return the bytes of main memory that programs can still take; None if unknown."""
    # Not the unused memory, which the system fills with files.
    return procfs.size("meminfo", "MemAvailable")


def free(device: str) -> int | None:
    """Return the bytes of a torch device's memory that can still be taken; None if unknown."""
    if not device.startswith("cuda"):
        return available()
    import torch

    unused = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return int(torch.cuda.mem_get_info(device)[0]) + unused


def reset_peak(device: str) -> int | None:
    """Restart the measurement of `peak`; returns the bytes in use, None if unknown."""
    if device.startswith("cuda"):
        import torch

        torch.cuda.reset_peak_memory_stats(device)
    elif device == "cpu":
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")
    return peak(device)


def peak(device: str) -> int | None:
    """Return the most bytes of memory in use at once since `reset_peak`."""
    if device.startswith("cuda"):
        import torch

        return int(torch.cuda.max_memory_allocated(device))
    return procfs.size("self/status", "VmHWM") if device == "cpu" else None


def require(card: ModelCard, needed: int, free: int | None, where: str) -> None:
    """Refuse to load what cannot fit.

    Raises:
        ModelError: The message says how much is needed, and how much is free.
    """
    if free is not None and needed > free:
        raise ModelError(
            f"model '{card.name}' needs {needed / 1e9:.1f} GB of {where} and {free / 1e9:.1f} GB "
            "are free: close other programs, or choose a smaller model"
        )
