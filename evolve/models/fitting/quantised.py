"""Weights of fewer bits, which diffusers and transformers can read.

A part whose configuration names a method is left to the library of that method: its types stay, and
only layers that are not quantised have the precision that the part was loaded in.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec

from evolve.errors import ModelError
from evolve.models.catalog import ModelCard
from evolve.models.files import allowed_files
from evolve.models.files.configs import QUANTISED

ON_GPUS = "bitsandbytes"
"""The package that needs a GPU for a denoiser."""


def methods_of(card: ModelCard) -> Mapping[str, str]:
    """Return the method of each part whose weights are quantised."""
    found = {}
    for part in card.parts if card.kind != "file" else ():
        file = card.folder / part / "config.json"
        if file.is_file():
            config = allowed_files.read_json(file, card.name).get("quantization_config")
            if isinstance(config, dict) and config.get("quant_method") in QUANTISED:
                found[part] = str(config["quant_method"])
    return found


def require_library(card: ModelCard, methods: Mapping[str, str], device: str) -> None:
    """Refuse weights quantised by these methods that cannot be computed with on a device.

    Raises:
        ModelError: The message says what is missing.
    """
    for part, method in methods.items():
        package = QUANTISED[method]
        if find_spec(package.partition("-")[0]) is None:
            raise ModelError(
                f"model '{card.name}' has weights quantised by {package} ({part}): "
                f"install it with 'pip install {package}', or choose a model in full precision"
            )
        if package == ON_GPUS and part == card.denoiser and not device.startswith("cuda"):
            raise ModelError(
                f"model '{card.name}' has weights quantised by {package} ({part}), which needs a "
                "GPU: choose a model in full precision"
            )
