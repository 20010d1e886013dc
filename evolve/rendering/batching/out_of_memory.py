"""Out of memory: how to recognise it, and what helps at once."""

from __future__ import annotations

import errno
import gc
import re

_WORDS = re.compile(
    r"out of memory|not enough memory|can't allocate memory|unable to allocate|ALLOC_FAILED|"
    r"bad[ _]alloc",
    re.I,
)
"""What the allocators of CUDA and its libraries, Apple's GPUs, torch on a CPU, numpy and
OpenVINO say; the type of the error is often just `RuntimeError`."""


def is_memory_short(error: BaseException) -> bool:
    """Return whether an error means that memory ran out."""
    named = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    if isinstance(error, OSError):  # a file of weights could not be mapped
        return error.errno == errno.ENOMEM
    return named or (isinstance(error, RuntimeError) and bool(_WORDS.search(str(error))))


def relieve(device: str) -> None:
    """Give back what can be given back where memory was short.

    What once painted refers to itself in circles: it may have ended, and not be collected yet.
    """
    gc.collect()
    release(device)


def release(device: str) -> None:
    """Give back the memory that torch keeps for later use on a device."""
    import torch

    if device.startswith("cuda"):
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()
