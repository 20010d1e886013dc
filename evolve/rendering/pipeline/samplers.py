"""Samplers by name, made from the scheduler of a pipeline.

They are solvers of the probability-flow ODE: they draw no noise, so that the initial noise is the
whole randomness of a picture. Models that were made for one sampler keep it: those distilled to a
few steps, whose samplers draw the same noise for every picture (see `call`), and those that give
their sampler a schedule of their own.

A denoiser gets the noise level of a sample as a timestep, so the timesteps of a sampler must mean
the same as in training. Schedules that a solver does not support (shifted signal-to-noise ratios,
zero terminal ones of Lin et al. 2024) are given to it as plain betas.
"""

from __future__ import annotations

import copy
import functools
import math
from typing import Any

import torch

from evolve.errors import ModelError

LEAST_SIGNAL = 2.0**-24
"""Share of the signal's variance in place of 0, since solvers divide by it: the value of the
solvers in diffusers that support 0."""
MOST_LEFT = 0.05
"""Noise, in deviations, that DEIS may leave in a picture: that of the schedule's first timestep, at
which it ends. Stable Diffusion has 0.03; shifted schedules have up to 0.2, which is visible. Of a
flow it leaves that of the last step: 0.3 after eight steps with a shift of 3."""
SAME = 1e-6
"""Largest difference of two noise schedules, as cumulated alphas, that is rounding."""


def make_sampler(scheduler: Any, name: str) -> Any:
    """Return a fresh sampler called `name` with the noise schedule of `scheduler`.

    It is of the kind of `scheduler` if the model works only with that; records name the kind.

    Raises:
        ModelError: There is no such sampler.
    """
    return copy.deepcopy(_made(scheduler, name))


@functools.lru_cache(maxsize=16)
def _made(scheduler: Any, name: str) -> Any:
    """Return the first sampler of a name, which is copied: making one takes milliseconds."""
    from diffusers import (
        DEISMultistepScheduler,
        DPMSolverMultistepScheduler,
        EulerDiscreteScheduler,
        UniPCMultistepScheduler,
    )

    if (
        not hasattr(scheduler, "alphas_cumprod")
        or "LCM" in (kind := type(scheduler).__name__)
        or kind.startswith("TCD")
    ):
        return type(scheduler).from_config(scheduler.config)
    flow = bool(scheduler.config.get("use_flow_sigmas"))
    dpm = DPMSolverMultistepScheduler, {"algorithm_type": "dpmsolver++"}
    solvers: dict[str, tuple[Any, dict[str, Any]]] = {
        "dpm++": (dpm[0], {**dpm[1], "solver_order": 2}),
        # The first-order solver of a flow is Euler's method.
        "euler": (dpm[0], {**dpm[1], "solver_order": 1}) if flow else (EulerDiscreteScheduler, {}),
        "unipc": (UniPCMultistepScheduler, {"solver_order": 2}),
        "deis": (DEISMultistepScheduler, {"solver_order": 2}),
    }
    if name not in solvers:
        raise ModelError(f"unknown sampler '{name}': use {', '.join(solvers)}")
    if name == "deis" and (flow or _noise_of_the_first(scheduler) > MOST_LEFT):
        name = "dpm++"
    solver, options = solvers[name]
    sampler = solver.from_config(scheduler.config, **options)
    if flow or _is_same(scheduler.alphas_cumprod, sampler.alphas_cumprod):
        return sampler
    betas = _betas(scheduler.alphas_cumprod)
    return solver.from_config(
        scheduler.config, **options, trained_betas=betas, rescale_betas_zero_snr=False
    )


def _noise_of_the_first(scheduler: Any) -> float:
    """Return the noise at the first timestep, in deviations of the signal."""
    signal = float(scheduler.alphas_cumprod[0])
    return math.sqrt((1 - signal) / signal)


def _is_same(own: torch.Tensor, other: torch.Tensor) -> bool:
    """Return whether two schedules are the same, as cumulated alphas, (timesteps,)."""
    return own.shape == other.shape and bool((own - other).abs().max() <= SAME)


def _betas(cumulated: torch.Tensor) -> list[float]:
    """Return the betas whose alphas cumulate to these: 1 - a(t) / a(t - 1)."""
    signal = cumulated.double().clamp(min=LEAST_SIGNAL)
    before = torch.cat([signal.new_ones(1), signal[:-1]])
    betas: list[float] = (1 - signal / before).tolist()
    return betas
