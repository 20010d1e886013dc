"""What a renderer imports, and what it keeps libraries from importing: two thirds of a start.

A renderer mostly needs neither torch's compiler nor distributed training. Libraries see a torch
without `distributed`, as on some platforms, and a compiler that is deferred until it is used: a
stand-in has a few names, and any other imports the real module in its place. None of this changes
what is computed.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from types import ModuleType
from typing import Any

COMPILER = "torch._dynamo"
MARKS = ("allow_in_graph", "assume_constant_result", "disable", "disallow_in_graph")
"""Functions of the compiler with which libraries mark what it should leave alone."""


def lighten() -> None:
    """Import torch, and keep later imports of libraries from importing what is not needed."""
    import torch

    defer(COMPILER, dict.fromkeys(MARKS, unmarked))
    defer(f"{COMPILER}.eval_frame", {"OptimizedModule": Never})
    torch.distributed.is_available = lambda: False


def preload() -> None:
    """Import what most models need."""
    lighten()
    from diffusers import (  # noqa: F401
        AutoencoderKL,
        DEISMultistepScheduler,
        DPMSolverMultistepScheduler,
        EulerDiscreteScheduler,
        StableDiffusionPipeline,
        UNet2DConditionModel,
        UniPCMultistepScheduler,
    )
    from transformers import CLIPTextModel, CLIPTokenizer  # noqa: F401

    from evolve.models import loading  # noqa: F401
    from evolve.rendering.pipeline import painter  # noqa: F401
    from evolve.rendering.tuning import calibration  # noqa: F401


def defer(name: str, names: Mapping[str, object]) -> None:
    """Defer a module, unless it is imported already.

    Args:
        name: The module; its package is imported, or deferred.
        names: Names that it has until the real module is imported.
    """
    if name not in sys.modules and (spec := find_spec(name)) is not None:
        module = _Deferred(name)
        module.__spec__, module.__file__ = spec, spec.origin
        if spec.submodule_search_locations is not None:
            module.__path__ = spec.submodule_search_locations
        vars(module).update(names)
        sys.modules[name] = module


def unmarked(marked: Any = None, *_: object, **__: object) -> Any:
    """Stand for a decorator, with arguments or without: return what it is given as it is."""
    return unmarked if marked is None else marked


class Never:
    """Stands for a class that has no instances as long as its module is not imported."""


class _Deferred(ModuleType):
    """Stands for a module until it is asked for a name that it does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__lock = threading.RLock()
        self.__begun = False

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if isinstance(inner := sys.modules.get(f"{self.__name__}.{name}"), ModuleType):
            return inner
        self.__import()
        return ModuleType.__getattribute__(self, name)

    def __import(self) -> None:
        with self.__lock:
            if self.__begun:
                return
            self.__begun = True
            assert self.__spec__ is not None
            assert self.__spec__.loader is not None
            self.__spec__.loader.exec_module(self)
