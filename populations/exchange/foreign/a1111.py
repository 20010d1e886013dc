"""The text `parameters` in pictures, as the web UI of AUTOMATIC1111 writes it and many tools do.

a woman, (red hair:1.4)
Negative prompt: glasses
Steps: 8, Sampler: DPM++ 2M, CFG scale: 4, Seed: 7, Size: 128x128, Model: portraits

The settings begin with `Steps:`; what stands before them is the prompt. SD.Next, Forge, Fooocus,
and savers of ComfyUI write the same, some of them all on one line.
"""

from __future__ import annotations

import json
import re
from typing import Any

from populations.exchange.foreign import loras
from populations.exchange.foreign.fields import Fields, build
from populations.exchange.foreign.foreign_recipe import ForeignRecipe
from populations.exchange.foreign.prompts import web_ui

_NAME = re.compile(r"\s*([A-Za-z][\w \-/]{0,40}?)\s*:\s*")
_NEGATIVE = re.compile(r"^[ \t]*Negative prompt:", re.MULTILINE)

_HARMLESS = (
    *("Population", "Individual"),
    *("Version", "App", "User", "Model hash", "VAE hash", "Hashes", "Lora hashes", "TI hashes"),
    *("Refiner hash", "Base model hash", "Created Date", "Backend", "Pipeline", "Parser"),
    *("Batch", "Index", "Batch size", "Batch pos", "Time taken", "Time", "Comment", "RNG"),
    *("Raw prompt", "Raw negative prompt", "Template", "Negative Template"),
    *("Civitai resources", "Civitai metadata", "Operations", "Init image size", "Module 1"),
)


def read(text: str) -> ForeignRecipe | None:
    """Read such a text; None if it is something else.

    Raises:
        ValueError, TypeError, OverflowError: A number in it is none.
    """
    start = _settings_at(text)
    if start is None:
        return None
    facts = _facts(text[start:])
    if not facts.keys() & {"Seed", "Sampler", "CFG scale", "Size", "Model"}:
        return None
    if facts.get("Version") == "fancier":  # its recipe is lost: no seed gives its noise again
        facts.pop("Seed", None)
    fields = Fields(facts, _HARMLESS)
    embeddings = _embeddings(facts)
    words, without = (_without(embeddings, part) for part in _divided(text[:start]))
    return build(
        _tool(facts),
        fields,
        web_ui(words),
        web_ui(without),
        source="cpu" if facts.get("RNG") == "CPU" or "Fooocus" in _tool(facts) else "cuda",
        left_out=_extras(facts),
        second_pass=any(name.lower().startswith(("hires", "second pass")) for name in facts),
        loras=loras.tagged(words),
    )


def _settings_at(text: str) -> int | None:
    """Return where the settings begin: at the last line that does, else inside a line."""
    for pattern in (r"^[ \t]*(Steps:)\s*[^\s,]", r"(?<!\w)(Steps:)\s*\d"):
        if starts := list(re.finditer(pattern, text, re.MULTILINE)):
            return starts[-1].start(1)
    return None


def _divided(text: str) -> tuple[str, str]:
    """Return what is to be painted and what is not, which begins a line of its own.

    Only where everything stands on one line may it begin inside that line.
    """
    marks = list(_NEGATIVE.finditer(text))
    if not marks and "\n" not in text.strip():
        marks = list(re.finditer(r"(?<!\w)Negative prompt:", text))[-1:]
    if not marks:
        return text.rstrip(" .\n"), ""
    return text[: marks[0].start()].rstrip(" .\n"), text[marks[0].end() :].strip(" .\n")


def _facts(settings: str) -> dict[str, Any]:
    """Return the settings by name; values may be quoted, or JSON."""
    facts: dict[str, Any] = {}
    decoder, at = json.JSONDecoder(), 0
    settings = settings.replace("\n", ", ")
    while at < len(settings):
        name = _NAME.match(settings, at)
        if name is None:
            at = _behind_comma(settings, at)
            continue
        at = name.end()
        value: Any = None
        if settings[at : at + 1] in ('"', "{", "["):
            try:
                value, at = decoder.raw_decode(settings, at)
            except (ValueError, RecursionError):
                value = None
        end = _behind_comma(settings, at)
        if value is None:
            value = settings[at:end].rstrip(" ,.")
        facts.setdefault(name[1], value)
        at = end
    return facts


def _behind_comma(text: str, at: int) -> int:
    comma = text.find(",", at)
    return len(text) if comma < 0 else comma + 1


def _tool(facts: dict[str, Any]) -> str:
    version = str(facts.get("Version", ""))
    if version == "fancier":
        return version
    if facts.get("App") == "SD.Next":
        return "SD.Next"
    return "Fooocus" if version.startswith("Fooocus") else "A1111"


def _extras(facts: dict[str, Any]) -> list[str]:
    """Return what fields that are no settings of their own give away."""
    extras = []
    operations = str(facts.get("Operations", ""))
    if re.search(r"img2img|inpaint", operations) and "txt2img" not in operations:
        extras.append("the other picture it was painted from (img2img)")
    return [*extras, *(f"embedding {name}" for name in _embeddings(facts))]


def _embeddings(facts: dict[str, Any]) -> list[str]:
    """Return the names of embeddings, which stand in the prompts as words."""
    hashes = str(facts.get("TI hashes", "") or facts.get("TI", ""))
    return re.findall(r"([^:,\s]{1,80}):", hashes)[:8]


def _without(names: list[str], text: str) -> str:
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "", text)
    return text
