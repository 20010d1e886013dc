"""What a model states about its noise schedule outside its configuration.

A single file brings no configuration. That of the base model is used, which predicts the noise and
leaves some signal at the noisiest step. Checkpoints that were trained otherwise contain empty
tensors as marks, `v_pred` (Salimans & Ho 2022) and `ztsnr` (zero terminal signal-to-noise ratio,
Lin et al. 2024), or have it in their names. Kinds distilled to a few steps were trained for steps
that begin at pure noise ("trailing", Lin et al. 2024, section 3.4), whatever those of the base are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

V_PREDICTION = re.compile(r"(?<![a-z])v[-_ ]?pred(iction)?(?![a-z])", re.I)
TRAILING = {"timestep_spacing": "trailing"}
"""Settings of a scheduler that begins at pure noise."""


def stated_by_file(name: str, tensors: Iterable[str]) -> dict[str, Any]:
    """Return the settings of the scheduler that the names of a file and of its tensors state."""
    there = set(tensors)
    settings: dict[str, Any] = {}
    if "v_pred" in there or V_PREDICTION.search(name):
        settings["prediction_type"] = "v_prediction"
    if "ztsnr" in there:
        settings |= {"rescale_betas_zero_snr": True, **TRAILING}
    return settings


def restated(scheduler: Any, settings: Mapping[str, Any]) -> Any:
    """Return the scheduler of a pipeline with these settings; that of a flow unchanged."""
    if not settings or not hasattr(scheduler, "alphas_cumprod"):
        return scheduler
    from diffusers import DDIMScheduler  # knows of all of them; only its schedule is used

    return DDIMScheduler.from_config(scheduler.config, **settings)


def described(settings: Mapping[str, Any]) -> str:
    """Return what is stated, for a person."""
    words = {
        "prediction_type": "predicts v",
        "rescale_betas_zero_snr": "no signal at the noisiest step",
        "timestep_spacing": "steps from pure noise",
    }
    return ", ".join(words[name] for name in settings)
