"""What a model's configurations may not contain, because libraries would act on it.

A configuration is data, but some keys name code (kernels on the hub, modules, custom pipelines) or
other files to read. Others are counts that libraries use before they read any weight: a billion
layers would be built before they are found to be missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evolve.errors import ModelError

BUILT_IN = (None, "eager", "sdpa")
"""Ways to compute attention that need no code but torch's own."""

QUANTISED = {
    **dict.fromkeys(("bitsandbytes", "bitsandbytes_4bit", "bitsandbytes_8bit"), "bitsandbytes"),
    "quanto": "optimum-quanto",
    "torchao": "torchao",
}
"""Methods of quantised weights, with the package that reads them; others download kernels."""

_CODE = ("custom_pipeline", "custom_generate", "trust_remote_code", "use_kernels", "kernel_config")
_ELSEWHERE = ("transformers_weights", "base_model_name_or_path", "gguf_file")
_IMPLEMENTATION = re.compile(r"_?(attn|attention|experts)_implementation(_internal)?")
_LAYERS = re.compile(r"n_layers?|depths?|(\w+_)?(layers|blocks|depths?)(_per_block)?")
_COUNT = re.compile(r"(num|n)_\w+")
_INDEX = re.compile(r"(mid_block_add|\w+_(from|id|ids|index|idx|after|before|skip))\w*")

DEEPEST = 40
"""Objects within objects of a configuration."""

LAYERS = 200
"""Layers that a configuration may name whatever the weights are: libraries write defaults, too."""

COUNTS = 10_000
"""Likewise for anything else that is counted."""


def require_harmless(name: str, file: str, config: Mapping[str, Any], *, auto: bool) -> None:
    """Refuse a configuration that asks for code, or for files that are not the model's own.

    With `auto` the library looks up the class to load, so that `auto_map` has an effect.

    Raises:
        ModelError: The message names the key.
    """
    for key, value in _entries(name, file, config):
        if _IMPLEMENTATION.fullmatch(key):
            names = list(value.values()) if isinstance(value, dict) else [value]
            asks = not all(kind is None or kind in BUILT_IN for kind in names)
        elif key == "quantization_config":
            method = value.get("quant_method") if isinstance(value, dict) else value
            asks = value is not None and method not in QUANTISED
        else:
            asks = bool(value) and (key in _CODE or (auto and key == "auto_map"))
        if asks:
            raise ModelError(
                f"model '{name}' needs code of its own to be run ('{key}' in '{file}'), which "
                "fancier never does: look for a copy without"
            )
        if key in _ELSEWHERE and value:
            raise ModelError(
                f"model '{name}' names other files to read ('{key}' in '{file}'), which fancier "
                "does not follow: look for a copy without"
            )


def require_built(
    name: str, file: str, config: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]
) -> None:
    """Refuse counts that the weights of a part contradict, before anything is built as they say.

    Raises:
        ModelError: There would be far more layers than tensors, or more of something than any
            tensor is long.
    """
    longest = max((size for shape in shapes.values() for size in shape), default=0)
    layers = max(LAYERS, len(shapes))
    counts = max(COUNTS, longest)
    for key, value in _entries(name, file, config):
        if _INDEX.fullmatch(key):
            continue
        known = _LAYERS.fullmatch(key) or _COUNT.fullmatch(key)
        most = layers if _LAYERS.fullmatch(key) else counts
        if isinstance(value, list) and len(value) > layers:
            count: float = len(value)
        else:
            count = max(_numbers(value), default=0) if known else 0
            if count <= most:
                continue
        raise ModelError(
            f"model '{name}' has an invalid configuration: '{key}' in '{file}' asks for "
            f"{count:.0f}, and its weights are {len(shapes)} tensors, the longest of {longest}"
        )


def require_counted(name: str, file: str, config: Mapping[str, Any]) -> None:
    """Refuse large counts of a scheduler, which has no weights and makes tables of that many rows.

    Raises:
        ModelError: There would be more than `COUNTS` of something.
    """
    for key, value in _entries(name, file, config):
        count = max(_numbers(value), default=0) if _COUNT.fullmatch(key) else 0
        if count > COUNTS:
            raise ModelError(
                f"model '{name}' has an invalid configuration: '{key}' in '{file}' asks for "
                f"{count:.0f}, but at most {COUNTS} are allowed"
            )


def _entries(name: str, file: str, config: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield all keys and values, including those of nested objects."""
    waiting: list[tuple[Any, int]] = [(config, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > DEEPEST:
            raise ModelError(f"model '{name}' has an invalid configuration: '{file}'")
        if isinstance(value, Mapping):
            yield from value.items()
            waiting += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value]


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, list):
        for inner in value:
            yield from _numbers(inner)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value
