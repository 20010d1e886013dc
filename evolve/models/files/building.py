"""Whether the weights fill the model that a configuration builds, without the memory for it.

transformers draws missing weights at random, in full size. By default, an empty configuration has
the size of some large model.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evolve.errors import ModelError

SLACK = 10_000_000
"""Numbers that may be missing: buffers and tokens that a library adds."""

TWICE = 2
"""How many times the numbers of its weights a part may have: tied weights are counted at each end,
and some files hold part of a larger model."""


def require_filled(
    name: str, kind: Any, folder: Path, shapes: Mapping[str, tuple[int, ...]]
) -> None:
    """Refuse a part of a model whose weights are far fewer than its configuration has numbers.

    A class that is not of transformers is accepted.

    Raises:
        ModelError: It is built larger than its weights.
    """
    import torch
    import transformers

    if not (isinstance(kind, type) and issubclass(kind, transformers.PreTrainedModel)):
        return
    build: Any = kind
    config = build.config_class.from_pretrained(folder, local_files_only=True)
    if getattr(config, "quantization_config", None):
        return  # several numbers lie in one
    with torch.device("meta"):
        built = sum(weight.numel() for weight in build(config).parameters())
    there = sum(math.prod(shape) for shape in shapes.values())
    if built > TWICE * there + SLACK:
        raise ModelError(
            f"model '{name}' has a configuration of {built / 1e6:.0f} million numbers in "
            f"'{folder.name}', and weights of {there / 1e6:.0f}: get it again, or look for another "
            "copy"
        )
