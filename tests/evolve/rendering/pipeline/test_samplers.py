"""Samplers that take the place of a model's own mean the same by a timestep."""

from typing import Any

import pytest
import torch
from diffusers import (
    CogVideoXDDIMScheduler,
    DDIMScheduler,
    DPMSolverMultistepScheduler,
    UniPCMultistepScheduler,
)

from evolve.genome.settings import SAMPLERS
from evolve.rendering.pipeline.samplers import make_sampler

SCHEDULES = {
    "plain": DDIMScheduler(
        clip_sample=False, prediction_type="v_prediction", timestep_spacing="trailing"
    ),
    "zero terminal signal": DDIMScheduler(
        beta_schedule="scaled_linear",
        clip_sample=False,
        prediction_type="v_prediction",
        rescale_betas_zero_snr=True,
        timestep_spacing="trailing",
    ),
    "shifted signal": CogVideoXDDIMScheduler(
        prediction_type="v_prediction",
        rescale_betas_zero_snr=False,
        snr_shift_scale=4.0,
        timestep_spacing="trailing",
    ),
}


def _end(sampler: Any, own: Any) -> float:
    """Walk with a denoiser that knows the picture and goes by the model's own schedule; how far off
    the end is."""
    picture, noise = torch.randn(2, 1, 4, 8, 8, generator=torch.Generator().manual_seed(2))
    sampler.set_timesteps(25)
    sample = noise * sampler.init_noise_sigma
    for t in sampler.timesteps:
        seen = sampler.scale_model_input(sample, t)
        signal = own.alphas_cumprod[round(float(t))].double()
        drawn = (seen - signal.sqrt() * picture) / (1 - signal).sqrt()
        v = (signal.sqrt() * drawn - (1 - signal).sqrt() * picture).float()
        sample = sampler.step(v, t, sample).prev_sample
    return float((sample - picture).abs().max())


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_ends_at_the_picture_that_the_denoiser_knows(
    name: str, schedule: str
) -> None:
    own = SCHEDULES[schedule]
    sampler = make_sampler(own, name)
    assert float((sampler.alphas_cumprod - own.alphas_cumprod).abs().max()) < 1e-6
    # DEIS stops at the last noise level of the model, the others at none: where that is seen,
    # another takes its place.
    deis = type(sampler).__name__.startswith("DEIS")
    assert deis == (name == "deis" and schedule != "shifted signal")
    assert _end(sampler, own) < (0.15 if deis else 0.02)


@pytest.mark.parametrize("shift", [1.0, 3.0])
@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_of_a_flow_leaves_no_noise_in_the_picture(name: str, shift: float) -> None:
    flow = UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=shift
    )
    sampler = make_sampler(flow, name)
    sampler.set_timesteps(8)
    picture, sample = torch.randn(2, 1, 4, 8, 8, generator=torch.Generator().manual_seed(2))
    for step, t in enumerate(sampler.timesteps):
        direction = (sample - picture) / sampler.sigmas[step]
        sample = sampler.step(direction, t, sample).prev_sample
    assert float((sample - picture).abs().max()) < 1e-4


def test_a_schedule_that_a_solver_knows_is_taken_as_it_is() -> None:
    sampler = make_sampler(SCHEDULES["plain"], "dpm++")
    assert isinstance(sampler, DPMSolverMultistepScheduler)
    assert sampler.config.trained_betas is None
