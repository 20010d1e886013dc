"""Having a pipeline paint what was asked for, and nothing else.

Some pipelines choose a size that they were trained for, have a language model rewrite the prompt,
or keep the guidance scale in a part that all calls share.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from typing import Any

AS_WRITTEN: Mapping[str, Any] = {
    "use_resolution_binning": False,  # paints another size and crops
    "enable_prompt_rewrite": False,
    "use_pe": False,  # prompt enhancing
    "prompt_upsampling": False,
}
"""Arguments that make pipelines leave size and prompt alone."""


def hold_size(pipeline: Any, height: int, width: int) -> None:
    """Have a pipeline, a copy of its own, paint pictures of this size in pixels."""
    if hasattr(pipeline, "resolutions"):  # the nearest of them would be painted
        pipeline.__dict__["resolutions"] = [(width, height)]
    if hasattr(pipeline, "default_sample_size") and hasattr(pipeline, "vae_scale_factor"):
        # Some scale every size to that of a square with this side, and cut what is left over.
        side = math.sqrt(width * height) / pipeline.vae_scale_factor
        pipeline.__dict__["default_sample_size"] = side * (1 + 1e-9)


def own_guiders(pipeline: Any, scale: float) -> None:
    """Give a pipeline, a copy of its own, guiders of its own with this scale.

    The guiders of some families keep the scale, and count the steps of a call.
    """
    for name in ("guider", "ocr_guider"):
        guider: Any = getattr(pipeline, name, None)
        if hasattr(guider, "guidance_scale") and hasattr(guider, "new"):
            enabled = bool(guider.config.get("enabled", True)) and scale > 1
            pipeline.__dict__[name] = guider.new(guidance_scale=scale, enabled=enabled)


def called_scale(pipeline: Any, scale: float) -> float:
    """Return the guidance scale to call a pipeline with, so that 1 and less are no guidance.

    Most pipelines guide by `a + scale * (b - a)`, from 1; a few by `b + scale * (b - a)`, from 0.
    """
    if scale > 1:
        return scale
    asked = copy.copy(pipeline)
    asked.__dict__["_guidance_scale"] = scale
    return 0.0 if getattr(asked, "do_classifier_free_guidance", False) else scale
