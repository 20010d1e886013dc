"""Whether the weights fill what a configuration builds, found out without memory for it.

What the weights of a transformers model leave open the library draws at random, in full size: a
configuration that says nothing has the size of some large model by default.
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
"""Times the numbers that a part may be built of: tied weights are counted with each of their ends,
and some files hold a part of a larger model."""


def require_filled(
    name: str, kind: Any, folder: Path, shapes: Mapping[str, tuple[int, ...]]
) -> None:
    """Refuse a part of a model whose weights are far fewer than it has numbers.

    Args:
        name: The model, for errors.
        kind: The class of the part; one of transformers, else nothing is looked at.
        folder: Its folder, with its configuration.
        shapes: Those of its weights, by name.

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
            f"{folder.name}, and weights of {there / 1e6:.0f}: get it again, or look for another "
            "copy"
        )
