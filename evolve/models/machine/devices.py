"""Devices to paint on: their names, which of them this machine has, and their precision.

Names can be checked without torch, so that an invalid one is refused at once.
"""

from __future__ import annotations

import platform
import re
from typing import TYPE_CHECKING

from evolve.errors import ModelError

if TYPE_CHECKING:
    import torch

_NAME = re.compile(r"(cuda|mps|cpu)(:\d+)?")


def named_devices(names: str) -> list[str | None]:
    """Return the devices of a comma-separated list; None stands for the best one.

    Raises:
        ModelError: One of them is not the name of a device; it need not be here.
    """
    devices = [name.strip() or None for name in names.split(",")]
    for device in filter(None, devices):
        if not _NAME.fullmatch(device):
            raise ModelError(f"unknown device '{device}': use cuda, cuda:1, mps or cpu")
    return devices


def require_present(device: str) -> str:
    """Return the name of a device; only those of CUDA keep their number.

    Raises:
        ModelError: It is not here, or cannot be used.
    """
    named_devices(device)
    import torch

    kind, _, number = device.partition(":")
    here = present()
    if (f"cuda:{number or 0}" if kind == "cuda" else kind) not in here:
        raise ModelError(f"there is no device '{device}' here: use {' or '.join(here)}")
    try:
        torch.empty(0, device=device)
    except RuntimeError as error:
        why = str(error).partition("\n")[0]
        raise ModelError(f"device '{device}' cannot be used ({why}): use another one") from error
    return device if kind == "cuda" else kind


def present() -> list[str]:
    """Return the devices that are here, the best first."""
    import torch

    gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
    apples = ["mps"] if torch.backends.mps.is_available() else []
    return [*(f"cuda:{number}" for number in range(gpus)), *apples, "cpu"]


def best_device() -> str:
    """Return the torch device to paint on: CUDA, Apple's, or the CPU."""
    return present()[0].partition(":")[0]


def nth_device(number: int) -> str:
    """Return one of the best devices, numbered from 0; after the last, the first follows again."""
    here = present()
    alike = [device for device in here if device.startswith(here[0].partition(":")[0])]
    return alike[number % len(alike)]


def best_dtype(device: str) -> torch.dtype:
    """Return the precision of the denoiser: bfloat16 where the hardware computes in it.

    On a CPU with AVX512-BF16 or AMX it is about twice as fast as float32; on others it is emulated
    and several times slower. A GPU without it uses float16, whose range is narrow: a picture that
    comes out as not-a-number is reported as such. Everything else uses float32.
    """
    import torch

    if device.startswith("cuda"):
        with torch.cuda.device(device):
            computes = torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if computes else torch.float16
    if device == "cpu" and torch.cpu._is_avx512_bf16_supported():
        return torch.bfloat16
    return torch.float32


def hardware(device: str) -> str:
    """Return the name of the hardware for the record of a picture."""
    import torch

    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    return f"{device} {platform.machine()} {torch.backends.cpu.get_cpu_capability()}"
