"""What SwarmUI writes: the text `parameters` with JSON, `{"sui_image_params": {…}}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from populations.exchange.foreign.fields import Fields, build, empty
from populations.exchange.foreign.foreign_recipe import ForeignRecipe
from populations.exchange.foreign.prompts import web_ui

MARK = "sui_image_params"

_HARMLESS = (
    *("aspectratio", "automaticvae", "swarm_version", "images", "nopreviews", "personalnote"),
    *("vaetilesize", "donotsave", "batchsize", "date", "generation_time", "saveintermediateimages"),
)
_SECTIONS = ("base", "refiner", "video", "segment", "object", "region", "edit", "extend")
"""Parts of a prompt that begin with a tag and go on to the next one."""


def read(data: Mapping[str, Any]) -> ForeignRecipe:
    """Read the JSON of the text.

    Raises:
        ValueError, TypeError, AttributeError, OverflowError: It is damaged.
    """
    given = dict(data[MARK])
    prompt, sections = _main(str(given.pop("prompt", None) or ""))
    negative = str(given.pop("negativeprompt", None) or "")
    given = {k.removeprefix("comfyui") if k in _COMFY else k: v for k, v in given.items()}
    lost = [f"the part <{name}> of its prompt" for name in sections]
    creativity = given.pop("initimagecreativity", None)
    if not empty(given.get("initimage")) or creativity is not None:
        given.pop("initimage", None)
        strength = "" if creativity is None else f", creativity {float(creativity):g}"
        lost.append(f"the other picture it was painted from (img2img{strength})")
    fields = Fields(given, _HARMLESS)
    return build("SwarmUI", fields, web_ui(prompt), web_ui(negative), source="cpu", left_out=lost)


_COMFY = ("comfyuisampler", "comfyuischeduler")


def _main(prompt: str) -> tuple[str, list[str]]:
    """Return a prompt up to the first of its sections, and the names of those."""
    sections = list(re.finditer(rf"<({'|'.join(_SECTIONS)})(?::[^<>]{{0,200}})?>", prompt))
    names = list(dict.fromkeys(section[1] for section in sections))
    return (prompt[: sections[0].start()] if sections else prompt), names
