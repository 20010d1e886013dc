"""Samplers by name, made from whatever scheduler a pipeline came with.

Only solvers of the probability-flow ODE: they draw no noise of their own, so that the initial
noise is the whole randomness of a picture.
"""

from __future__ import annotations

from typing import Any

from evolve.errors import ModelError


def make_sampler(scheduler: Any, name: str) -> Any:
    """Return a fresh sampler called `name` with the noise schedule of `scheduler`.

    Raises:
        ModelError: The sampler does not exist for this scheduler's kind of model.
    """
    from diffusers import (
        DEISMultistepScheduler,
        DPMSolverMultistepScheduler,
        EulerDiscreteScheduler,
        UniPCMultistepScheduler,
    )

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
