"""Weights that are meaningless without the scales beside them, which libraries ignore.

Other programs store weights in 8 bits or fewer, with a scale for each layer in a tensor of its own.
If no configuration says so, libraries use the numbers without scales, and paint noise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from evolve.errors import ModelError
from evolve.models.files.safetensors_headers import Tensor

_SCALES = re.compile(
    r"(^|\.)(scale_weight|weight_scale|weight_scale_inv|scale_input|input_scale|scaled_fp8"
    r"|comfy_quant|qweight|qzeros|wscales|wtscale|absmax|weight\.absmax|weight\.quant_map"
    r"|weight\.quant_state\.\w+)$"
)
_WHOLE = ("I", "U")
"""First letters of the types of whole numbers."""


def require_unscaled(name: str, tensors: Mapping[str, Tensor]) -> None:
    """Refuse weights that are scaled, or whole numbers, where no configuration states how.

    Raises:
        ModelError: The message names a tensor.
    """
    for tensor, (shape, kind) in tensors.items():
        whole = kind.startswith(_WHOLE) and tensor.endswith("weight") and len(shape) > 1
        if whole or _SCALES.search(tensor):
            raise ModelError(
                f"model '{name}' has quantised weights without a configuration that says how "
                f"('{tensor}'): look for a copy in half precision"
            )
