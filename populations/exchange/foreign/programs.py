"""Which program wrote a picture, and its recipe."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from populations.exchange.foreign import a1111, comfyui, fooocus, invokeai, novelai, swarmui
from populations.exchange.foreign.foreign_recipe import ForeignRecipe

LONGEST = 1 << 16
"""Characters; a longer text is no recipe."""

LONGEST_GRAPH = 1 << 21
"""Characters of a graph of ComfyUI."""

PARAMETERS = "parameters"
"""Keyword of the text that most programs write."""

_TOOLS = {
    "workflow": "ComfyUI",
    "prompt": "ComfyUI",
    fooocus.SCHEME: "Fooocus",
    "invokeai_graph": "InvokeAI",
    "invokeai_workflow": "InvokeAI",
    "invokeai": "InvokeAI",
}
_WORDS = re.compile(
    r"(?i)\b(prompt|seed|sampler|scheduler|steps|cfg[ _]?scale|guidance[ _]?scale|checkpoint)\b"
)


def read(texts: Mapping[str, str]) -> ForeignRecipe | None:
    """Return the recipe in the texts of a picture, None if they hold none that is understood.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError: It is
            damaged, or too long to be one.
    """
    _require_short(texts)
    if (recipe := invokeai.read(texts)) is not None:
        return recipe
    if (recipe := _parameters(texts)) is not None:
        return recipe
    return novelai.read(texts) or comfyui.read(texts)


def unread(texts: Mapping[str, str]) -> str:
    """Return the names of texts that look like a recipe, and whose; empty if none do."""
    unread = [key for key, text in texts.items() if _suspect(key, text)]
    if not unread:
        return ""
    tools = list(dict.fromkeys(_TOOLS[key] for key in unread if key in _TOOLS))
    keys = ", ".join(f"'{key[:40]}'" for key in unread[:4])
    return f"{keys} of {tools[0]}" if tools else keys


def _parameters(texts: Mapping[str, str]) -> ForeignRecipe | None:
    text = texts.get(PARAMETERS, "").strip()
    if not text.startswith("{"):
        return a1111.read(text)
    data: Any = json.loads(text)
    if not isinstance(data, dict):
        return None
    if swarmui.MARK in data:
        return swarmui.read(data)
    if isinstance(data.get("Comment"), str):  # what NovelAI writes into WebP files
        return novelai.read({str(k): str(v) for k, v in data.items()})
    known = fooocus.SCHEME in texts or "Fooocus" in text[:LONGEST]
    return fooocus.read(data, tool="Fooocus" if known else "another program")


def _require_short(texts: Mapping[str, str]) -> None:
    limits = dict.fromkeys((*invokeai.KEYS, PARAMETERS, "Comment", "Description"), LONGEST)
    limits |= dict.fromkeys(("prompt", "workflow"), LONGEST_GRAPH)
    for key, limit in limits.items():
        if (length := len(texts.get(key, ""))) > limit:
            raise ValueError(f"'{key}' has {length} characters, but at most {limit} are allowed")


def _suspect(key: str, text: str) -> bool:
    words = {word.lower() for word in _WORDS.findall(text[:LONGEST])}
    return key in _TOOLS or key in (PARAMETERS, *invokeai.KEYS) or len(words) > 1
