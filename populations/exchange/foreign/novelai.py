"""What NovelAI writes: the text `Comment` with JSON, and the prompt as `Description`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from populations.exchange.foreign.fields import Fields, build, empty
from populations.exchange.foreign.foreign_recipe import ForeignRecipe
from populations.exchange.foreign.prompts import novelai

_HARMLESS = (
    *("n_samples", "hide_debug_overlay", "request_type", "signed_hash", "version", "legacy"),
    *("legacy_v3_extend", "legacy_uc", "params_version", "add_original_image", "stream"),
    *("dynamic_thresholding_percentile", "dynamic_thresholding_mimic_scale"),
    *("controlnet_strength", "v4_prompt", "v4_negative_prompt", "deliberate_euler_ancestral_bug"),
    *("prefer_brownian", "cfg_sched_eligibility", "explike_fine_detail", "minimize_sigma_inf"),
    *("uncond_per_vibe", "wonky_vibe_correlation", "reference_strength_multiple"),
    *("reference_information_extracted_multiple", "normalize_reference_strength_multiple"),
)


def read(texts: Mapping[str, str]) -> ForeignRecipe | None:
    """Read the texts of a picture; None if NovelAI did not write them.

    Raises:
        ValueError, TypeError, AttributeError, OverflowError: They are damaged.
    """
    writer = f"{texts.get('Software', '')} {texts.get('Source', '')} {texts.get('Title', '')}"
    if "Comment" not in texts or (
        "novelai" not in writer.lower() and "Stable Diffusion" not in writer
    ):
        return None
    data = json.loads(texts["Comment"])
    fields = Fields({**data, "model": texts.get("Source")}, _HARMLESS)
    written = fields.take("prompt")
    prompt = texts.get("Description") or written or ""
    negative = fields.take("uc", "negative_prompt") or ""
    lost = []
    painted_over = str(data.get("request_type", "")).startswith(("Img2Img", "Native", "Inpaint"))
    if painted_over and empty(data.get("strength")):
        lost.append("the other picture it was painted from (img2img)")
    if characters := _characters(data.get("v4_prompt")):
        lost.append(f"{characters} prompts of characters")
    if (scale := fields.number("uncond_scale")) not in (None, 1):
        lost.append(f"uncond scale {scale:g}")
    return build(
        "NovelAI",
        fields,
        novelai(str(prompt)),
        novelai(str(negative)),
        source="cuda",
        left_out=lost,
    )


def _characters(prompt: Any) -> int:
    caption = prompt.get("caption") if isinstance(prompt, Mapping) else None
    listed = caption.get("char_captions") if isinstance(caption, Mapping) else None
    return len(listed) if isinstance(listed, list) else 0
