"""The denoiser compiled by torch (`torch.compile`), where a person asks for it.

Its forwards have a fixed number of rows, so that one compilation serves all pages of a size. It
takes minutes, once for each shape: torch keeps it in the user's cache. Compiled code gives other
bits; that they depend on no other row is tried before anything is painted
(`rendering/tuning/compiled.py`). The function of the module is compiled, inside its hooks.
"""

from __future__ import annotations

import os
import shutil
from typing import Any, NamedTuple

import torch
from platformdirs import user_cache_path

SHAPES = 64
"""Shapes of inputs for which a denoiser is compiled in one process. For more, torch would go on
without compiling, and bits would depend on what was painted before; so more are an error."""

_OWN = "_fancier_own_forward"


class Obstacle(NamedTuple):
    """Why a denoiser cannot be compiled."""

    why: str
    cure: str = ""
    """What makes it possible; empty if nothing does."""

    def cures(self, other: str) -> str:
        """Return the cures: what makes compiling possible, and what can be done instead."""
        return f"{self.cure}, or {other}" if self.cure else other


def obstacle_to_compiling(device: str, *, loras: bool, turns: bool) -> Obstacle | None:
    """Return why a model cannot be compiled, such as for its LoRAs or turns; None if it can."""
    if loras:
        return Obstacle("its LoRAs have other weights in each row")
    if turns:
        return Obstacle("its parts take turns on the GPU")
    if device == "mps":
        return Obstacle("that is not tried on Apple's GPUs")
    if device == "cpu" and not any(map(shutil.which, ("g++", "clang++"))):
        return Obstacle("there is no C++ compiler", "install g++")
    if device.startswith("cuda") and not _has_triton():
        return Obstacle("there is no triton", "pip install triton")
    return None


def compile_forward(module: Any) -> None:
    """Have a module compute by compiled code, from its next call on."""
    # Not in a folder shared by all users, as by default: the files are executed.
    place = user_cache_path("fancier") / "compiled"
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(place))
    # A renderer defers the compiler (`process/libraries.py`). Its parts import each other, so the
    # whole is imported first.
    from torch._dynamo import config, optimize  # noqa: F401

    config.recompile_limit = config.accumulated_recompile_limit = SHAPES
    config.fail_on_recompile_limit_hit = True
    # Deterministic: the compiler may choose by timing only what changes no bits, since the next
    # start might choose differently.
    module.__dict__[_OWN] = module.__dict__.get("forward")
    module.forward = torch.compile(module.forward, dynamic=False, options={"deterministic": True})


def restore_forward(module: Any) -> None:
    """Have a module compute without compiled code again."""
    own = module.__dict__.pop(_OWN)
    del module.forward
    if own is not None:
        module.forward = own


def _has_triton() -> bool:
    from torch.utils._triton import has_triton

    return bool(has_triton())
