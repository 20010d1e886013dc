"""The LoRAs that a recipe names, with their weights: a population may have the same ones."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from populations.exchange.foreign.brackets import NUMBER
from populations.exchange.foreign.fields import empty, name_in

_TAG = re.compile(r"<(?:lora|lyco):([^<>:]{1,200})(?::([^<>]{0,100}))?>", re.IGNORECASE)


def tagged(prompt: str) -> dict[str, float]:
    """Return the LoRAs in a prompt of the web UI, `<lora:NAME:WEIGHT>`."""
    return {name.strip(): _number(weight) for name, weight in _TAG.findall(prompt)}


def listed(value: Any) -> dict[str, float]:
    """Return the LoRAs in a list of InvokeAI, `{"model": {"name": NAME}, "weight": WEIGHT}`."""
    return {
        name: _number(str(each.get("weight", 1)))
        for each in (value if isinstance(value, list) else [])
        if isinstance(each, Mapping) and (name := name_in(each, longest=None))
    }


def loaded(graph: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Return the LoRAs that nodes of ComfyUI load, by the names of their files alone."""
    weights: dict[str, float] = {}
    for node in graph.values():
        name, weight = (node["inputs"].get(key) for key in ("lora_name", "strength_model"))
        if not isinstance(name, str) or empty(name):
            continue
        if type(weight) in (int, float) and math.isfinite(weight):
            weights[PurePath(name).stem] = weight
    return weights


def _number(text: str) -> float:
    found = re.search(NUMBER, text)
    return float(found[0]) if found else 1.0
