"""Samplers by name, made from whatever scheduler a pipeline came with.

Only solvers of the probability-flow ODE: they draw no noise of their own, so that the initial
noise is the whole randomness of a picture. Models that were made for one sampler keep it: those
distilled to a few steps, whose samplers' noise is the same for every picture (see `call`), and
those that hand their sampler a schedule of their own.
"""

from __future__ import annotations

from typing import Any

from evolve.errors import ModelError


def make_sampler(scheduler: Any, name: str) -> Any:
    """Return a fresh sampler called `name` with the noise schedule of `scheduler`.

    Where the model works with its own alone it is that one; the record of a picture says which.

    Raises:
        ModelError: There is no such sampler.
    """
    from diffusers import (
        DEISMultistepScheduler,
        DPMSolverMultistepScheduler,
        EulerDiscreteScheduler,
        UniPCMultistepScheduler,
    )

    if (
        not hasattr(scheduler, "alphas_cumprod")
        or "LCM" in (own := type(scheduler).__name__)
        or own.startswith("TCD")
    ):
        return type(scheduler).from_config(scheduler.config)
    flow = bool(scheduler.config.get("use_flow_sigmas"))
    if name == "dpm++":
        return DPMSolverMultistepScheduler.from_config(
            scheduler.config, algorithm_type="dpmsolver++", solver_order=2
        )
    if name == "euler" and flow:  # the first-order solver of a flow is Euler's method
        return DPMSolverMultistepScheduler.from_config(
            scheduler.config, algorithm_type="dpmsolver++", solver_order=1
        )
    if name == "euler":
        return EulerDiscreteScheduler.from_config(scheduler.config)
    if name == "unipc":
        return UniPCMultistepScheduler.from_config(scheduler.config, solver_order=2)
    if name == "deis":
        return DEISMultistepScheduler.from_config(scheduler.config, solver_order=2)
    raise ModelError(f"unknown sampler '{name}'")
