"""What a population is founded on: its config, which may come from another machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import prod
from typing import Any, TypeGuard

from evolve.errors import GenomeError
from evolve.genome import Prompt
from evolve.genome.settings import Settings
from evolve.plain_numbers import is_int
from populations.format.schema import LARGEST_NOISE

MOST_PICTURES = 1_000_000
"""On a page."""
LONGEST_SIDE = 16384
"""Of a picture, in pixels."""
LONGEST_NAME = 4096
"""Characters in the name of a model, which may be a path."""

_NEEDED = ("model", "prompt", "seed", "page")


def problem(config: Mapping[str, Any]) -> str:
    """Return what is invalid in a config, for a person to read; empty if nothing is."""
    for name in _NEEDED:
        if name not in config:
            return f"its {name} is missing"
    for name, test in _TESTS.items():
        if name in config:
            try:
                good, reason = test(config[name]), ""
            except (GenomeError, ValueError, KeyError, TypeError, AttributeError) as error:
                good, reason = False, f" ({error})" if isinstance(error, GenomeError) else ""
            if not good:
                return f"its {name} cannot be {_short(config[name])}{reason}"
    return ""


def is_model(value: object) -> TypeGuard[str]:
    """Return whether something can be the name of a model."""
    return isinstance(value, str) and value.isprintable() and 0 < len(value) <= LONGEST_NAME


def _prompt(value: Any) -> bool:
    return bool(Prompt.from_json(value).concepts)


def _size(value: Any) -> bool:
    width, height = value
    return is_int(width, 1, LONGEST_SIDE) and is_int(height, 1, LONGEST_SIDE)


def _latent(value: Any) -> bool:
    sides = [side for side in value if is_int(side, 1, LARGEST_NOISE)]
    return len(value) == len(sides) == 3 and prod(sides) <= LARGEST_NOISE


def _settings(value: Any) -> bool:
    return bool(Settings.from_json(value).steps)


_TESTS: Mapping[str, Callable[[Any], bool]] = {
    "model": is_model,
    "prompt": _prompt,
    "seed": lambda value: is_int(value, 0, 2**63 - 1),
    "page": lambda value: is_int(value, 1, MOST_PICTURES),
    "size": _size,
    "latent": _latent,
    "settings": _settings,
}


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}…"
