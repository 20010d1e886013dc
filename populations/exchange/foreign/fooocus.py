"""What Fooocus and its kin write: the text `parameters` with the fields as JSON."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from populations.exchange.foreign.fields import Fields, build, empty
from populations.exchange.foreign.foreign_recipe import ForeignRecipe
from populations.exchange.foreign.prompts import web_ui

SCHEME = "fooocus_scheme"
"""Keyword of the text chunk that names the format of the other one."""

_HARMLESS = (
    *("base_model_hash", "refiner_model_hash", "version", "metadata_scheme", "created_by"),
    *("software", "full_prompt", "full_negative_prompt", "real_prompt", "real_negative_prompt"),
    *("image_number", "hashes"),
)


def read(data: Mapping[str, Any], *, tool: str = "Fooocus") -> ForeignRecipe | None:
    """Read the JSON of the text; None if it is something else.

    Raises:
        ValueError, TypeError, OverflowError: A number in it is none.
    """
    fields = Fields(data, _HARMLESS)
    prompt, negative = fields.take("prompt"), fields.take("negative_prompt", "negative", "uc")
    if not isinstance(prompt or negative, str) or not _settings(fields):
        return None
    lost = []
    styles = fields.take("styles")
    if named := _names(styles):
        lost.append(f"styles {', '.join(named[:5])}")
    refiner_switch = fields.take("refiner_switch")
    if not empty(refiner := fields.take("refiner_model", "refiner")):
        lost.append(f"refiner {refiner} from {refiner_switch or '?'}")
    return build(
        str(fields.take("software") or tool)[:30],
        fields,
        web_ui(str(prompt or "")),
        web_ui(str(negative or "")),
        source="cpu",
        left_out=lost,
    )


def _settings(fields: Fields) -> bool:
    return fields.take("seed") is not None or fields.take("steps") is not None


def _names(styles: Any) -> list[str]:
    """Return the names in a list, or in a text that is one: `"['Fooocus V2']"`."""
    if isinstance(styles, str):
        try:
            styles = ast.literal_eval(styles) if len(styles) < 4000 else []
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            styles = [styles[:40]]
    return [str(name)[:40] for name in styles] if isinstance(styles, list | tuple) else []
