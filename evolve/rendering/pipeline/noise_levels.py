"""How noisy a sample is at each step of a sampler, and what follows from that.

A sampler's sample is `a x + b n`, with x the clean latent and n standard normal noise. Samplers
differ in a and b (flow: a = 1 - b; variance preserving: a² + b² = 1; variance exploding: a = 1) and
in what the denoiser predicts (the noise, the flow, v, or x itself). Everything that depends on this
is here, so that previews and edits work with any sampler.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch


@dataclass(frozen=True, slots=True)
class Level:
    """A sample at this level is `signal * clean + noise * n`."""

    signal: float
    noise: float

    def mix(self, clean: torch.Tensor, noise: torch.Tensor) -> torch.Tensor:
        """Return the sample that `clean` and `noise`, of one shape, make at this level."""
        return self.signal * clean + self.noise * noise


def levels(sampler: Any) -> list[Level] | None:
    """Return the level before each step of a sampler with timesteps, and the level at the end.

    The last counts as clean: the little noise that some schedules leave there is never removed.

    Returns:
        One more level than there are steps; None for a sampler of an unknown kind.
    """
    sigmas = getattr(sampler, "sigmas", None)
    scale = 1.0
    if _predicts(sampler) == "trigflow":  # its timesteps are angles
        scale = sampler.config.sigma_data
        angles = sampler.timesteps.tolist()
        before = [Level(scale * math.cos(t), scale * math.sin(t)) for t in angles]
    elif sigmas is not None and _predicts(sampler) == "flow":
        before = [Level(1 - s, s) for s in sigmas.tolist()]
    elif sigmas is not None and hasattr(sampler, "_sigma_to_alpha_sigma_t"):
        both = sampler._sigma_to_alpha_sigma_t(sigmas)
        signal, noise = (each.expand_as(sigmas).tolist() for each in both)
        before = [Level(*each) for each in zip(signal, noise, strict=True)]
    elif sigmas is not None and "sigma_data" not in sampler.config:  # EDM scales its samples again
        before = [Level(1.0, s) for s in sigmas.tolist()]
    elif hasattr(sampler, "alphas_cumprod") and sigmas is None:
        kept = sampler.alphas_cumprod[sampler.timesteps.long().cpu()].tolist()
        before = [Level(math.sqrt(a), math.sqrt(1 - a)) for a in [*kept, 1.0]]
    else:
        return None
    return [*before[:-1], Level(scale, 0.0)]


def predicted_clean(
    sampler: Any, level: Level, prediction: torch.Tensor, sample: torch.Tensor
) -> torch.Tensor:
    """Return the clean latent that the denoiser's `prediction` for `sample` implies.

    All are of one shape. For a sample x = a c + b n of clean c and noise n, a network predicts n
    (epsilon), c (sample), n - c (flow) or, with r^2 = a^2 + b^2, (a n - b c) / r (v_prediction,
    Salimans & Ho 2022, appendix D) or a n - b c (trigflow, Lu & Song 2025, section 3).
    """
    a, b = level.signal, level.noise
    match _predicts(sampler):
        case "sample":
            return prediction
        case "flow":
            return sample - b * prediction
        case "v_prediction":
            r = math.hypot(a, b)
            return (a * sample / r - b * prediction) / r
        case "trigflow":
            return (a * sample - b * prediction) / (a * a + b * b)
        case _:
            return (sample - b * prediction) / a


def exact_prediction(
    sampler: Any, level: Level, clean: torch.Tensor, noise: torch.Tensor
) -> torch.Tensor:
    """Return the exact prediction for `clean` and `noise`, in the terms of `predicted_clean`."""
    match _predicts(sampler):
        case "sample":
            return clean
        case "flow":
            return noise - clean
        case "v_prediction":
            r = math.hypot(level.signal, level.noise)
            return (level.signal * noise - level.noise * clean) / r
        case "trigflow":
            return level.signal * noise - level.noise * clean
        case _:
            return noise


def moved_prediction(
    sampler: Any, level: Level, prediction: torch.Tensor, by: torch.Tensor
) -> torch.Tensor:
    """Return the prediction that implies a clean latent moved by `by`, for the same sample.

    The level must have noise. As the sample stays, the implied noise moves the other way;
    predictions are linear in both.
    """
    return prediction + exact_prediction(sampler, level, by, -level.signal / level.noise * by)


def _predicts(sampler: Any) -> str:
    """Return what the denoiser of a sampler predicts, in the terms of diffusers."""
    kind = str(sampler.config.get("prediction_type", ""))
    if "FlowMatch" in type(sampler).__name__ or kind == "flow_prediction":
        return "flow"
    return kind or "epsilon"
