"""Recipes that are lists of fields: the known ones are taken over, all others are named."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Literal

from populations.exchange.foreign.foreign_recipe import ForeignRecipe, Weighted
from populations.exchange.foreign.prompts import Plain
from populations.exchange.foreign.sampler_names import sampler_of

SHOWN = 40
"""Characters of a value that a note has room for."""

NAMED = 12
"""Fields that a note has room for."""

_NOTHING = (None, "", "none", "null", "false", "0", "0.0", "0x0", "[]", "{}", "undefined", "[none]")
_SEEDS = 1 << 64


class Fields:
    """The fields of a recipe by name; remembers which were read.

    Names are compared by their letters and digits: `cfg_scale`, `CFG scale` and `cfgscale` are one.
    """

    def __init__(self, data: Mapping[str, Any], harmless: Iterable[str] = ()) -> None:
        """Take over the fields; `harmless` ones do not change what a picture looks like."""
        self._data = {_plain(str(name)): (str(name), value) for name, value in data.items()}
        self._asked = {_plain(name) for name in harmless}

    def take(self, *names: str) -> Any:
        """Return the first of these fields that holds anything, else None."""
        value = None
        for name in map(_plain, names):
            self._asked.add(name)
            if value is None and name in self._data and not empty(self._data[name][1]):
                value = self._data[name][1]
        return value

    def number(self, *names: str) -> float | None:
        """Return such a field as a finite number.

        Raises:
            ValueError: It is none.
        """
        value = self.take(*names)
        if value is None:
            return None
        number = float(value)
        if not math.isfinite(number):
            raise OverflowError(f"{names[0]} is {number}")
        return number

    def whole(self, *names: str) -> int | None:
        """Return such a field as a whole number; the same errors."""
        value = self.take(*names)
        if isinstance(value, str) and re.fullmatch(r"\s*[-+]?\d{1,4000}\s*", value):
            return int(value)
        return None if value is None else int(value if isinstance(value, int) else float(value))

    def rest(self) -> list[str]:
        """Return the fields that were not read, as names with values."""
        left = [pair for name, pair in self._data.items() if name not in self._asked]
        named = [described(name, value) for name, value in left if not empty(value)]
        return few(named, "fields")


def build(
    tool: str,
    fields: Fields,
    prompt: Plain,
    negative: Plain,
    *,
    source: Literal["cpu", "cuda"],
    left_out: Iterable[str] = (),
    second_pass: bool = False,
    channels: int = 4,
    loras: Mapping[str, float] | None = None,
) -> ForeignRecipe:
    """Return the recipe that fields and prompts of a program make up.

    `source` drew its noise, which has `channels`. What is `left_out` is named, except LoRAs whose
    weights are given. A denoising strength may belong to a `second_pass`.

    Raises:
        ValueError, TypeError, OverflowError: A number is none.
    """
    networks = {f"LoRA {name[:SHOWN]}" for name in loras or ()}
    lost = [each for each in (*prompt.lost, *negative.lost, *left_out) if each not in networks]
    name = str(fields.take("sampler", "sampler_name") or "")
    given = str(fields.take("schedule type", "noise_schedule", "scheduler") or "")
    sampler, schedule = sampler_of(name or given, given if name else "")
    strength = fields.number("denoising strength", "strength", "denoise", "denoise_strength")
    if strength is not None and second_pass:
        lost.append(f"denoising strength {strength:g} of the second pass")
    elif strength is not None and strength < 1:
        lost.append(f"the other picture it was painted from (img2img, strength {strength:g})")
    if schedule:
        lost.append(f"noise schedule {schedule[:SHOWN]}")
    seed = fields.whole("seed", "noise_seed")
    return ForeignRecipe(
        tool=tool,
        prompt=_with(prompt.texts, negative.away),
        negative=_with(negative.texts, prompt.away),
        seed=seed if seed is not None and 0 <= seed < _SEEDS else None,
        source=source,
        channels=channels,
        steps=fields.whole("steps", "num_inference_steps"),
        sampler=sampler,
        sampler_name=name or given,
        guidance=fields.number("cfg scale", "guidance_scale", "cfg", "scale"),
        size=_size(fields),
        model=name_in(fields.take("model", "model_name", "base_model", "base_model_name")),
        left_out=tuple(dict.fromkeys([*few(lost), *fields.rest()])),
        loras=loras or {},
    )


def described(name: str, value: Any) -> str:
    """Return a field as a note names it, such as `Clip skip 2`."""
    name = " ".join(name.replace("_", " ").split())[:SHOWN]
    if isinstance(value, bool):
        return name
    if isinstance(value, list | tuple):
        inner = [inner_name for each in value[:5] if (inner_name := name_in(each))]
        return f"{name} ({', '.join(inner)})" if inner else name
    if isinstance(value, Mapping):
        return f"{name} ({inner_name})" if (inner_name := name_in(value)) else name
    text = " ".join(str(value).split())
    text = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return f"{name} ({text})" if re.search("[,:;]", text) else f"{name} {text}"


def few(names: Iterable[str], what: str = "") -> list[str]:
    """Return as many names as a note has room for, each once, and how many more of what."""
    each = list(dict.fromkeys(names))
    more = f"{len(each) - NAMED} more {what}".strip()
    return each[:NAMED] + ([more] if len(each) > NAMED else [])


def empty(value: Any) -> bool:
    """Return whether a field holds nothing, or that something was off."""
    if isinstance(value, list | tuple | dict):
        return not value
    return value is None or value is False or str(value).strip().lower() in _NOTHING


def name_in(value: Any, *, longest: int | None = SHOWN) -> str:
    """Return the name of a LoRA, a model, …, however deep it stands; empty if there is none."""
    for _ in range(4):
        if isinstance(value, str):
            return PurePath(value.replace("\\", "/")).name[:longest]
        if isinstance(value, list | tuple):
            value = value[0] if value else None
        elif isinstance(value, Mapping):
            keys = ("name", "model_name", "lora", "model", "control_model", "ip_adapter_model")
            value = next((value[key] for key in keys if key in value), None)
    return ""


def _with(texts: Sequence[Weighted], others: Iterable[str]) -> tuple[Weighted, ...]:
    """Return texts with others at the end of the last one."""
    *first, (last, weight) = texts or [("", 1.0)]
    last = ", ".join(filter(None, [last, *others]))
    return (*first, (last, weight)) if last else tuple(first)


def _size(fields: Fields) -> tuple[int, int] | None:
    width, height = fields.whole("width"), fields.whole("height")
    sides = re.search(r"(\d{1,5})\D{1,4}(\d{1,5})", str(fields.take("size", "resolution") or ""))
    if width and height:
        return width, height
    return (int(sides[1]), int(sides[2])) if sides else None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.lower())
