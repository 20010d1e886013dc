"""What a renderer imports, and what it keeps libraries from importing: two thirds of a start.

A renderer mostly needs neither torch's compiler nor distributed training. Libraries see a torch
without `distributed`, as on some platforms, and a compiler that is deferred until it is used
(`deferred`). None of this changes what is computed.
"""

from __future__ import annotations

from evolve.rendering.process.deferred import Never, defer, unmarked

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
