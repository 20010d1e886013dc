"""The precision of the parts of a pipeline."""

from __future__ import annotations

import torch
from torch import nn


def cast(module: nn.Module, dtype: torch.dtype) -> None:
    """Convert a module to a precision, except what its library keeps in float32.

    Time embeddings and norms of some denoisers overflow in half precision, or are written for
    float32 alone (`_keep_in_fp32_modules`).
    """
    kept = set(getattr(module, "_keep_in_fp32_modules", None) or ())
    if not kept or dtype.itemsize >= torch.float32.itemsize:
        module.to(dtype)
        return
    for name, values in [*module.named_parameters(), *module.named_buffers()]:
        if values.is_floating_point():
            exact = kept & set(name.split("."))
            values.data = values.data.to(torch.float32 if exact else dtype)
