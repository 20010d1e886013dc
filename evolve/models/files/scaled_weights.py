"""Weights that mean something only with scales beside them, which the libraries leave out.

Other programs keep weights in 8 bits or fewer, with a scale for each layer in a tensor of its own.
Where no configuration says so, libraries take the small numbers as they are, and paint noise.
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
"""How the kinds of whole numbers begin."""


def require_unscaled(name: str, tensors: Mapping[str, Tensor]) -> None:
    """Refuse weights that are scaled, or whole numbers.

    Args:
        name: The model.
        tensors: Of a part whose configuration states no quantisation.

    Raises:
        ModelError: Names a tensor.
    """
    for tensor, (shape, kind) in tensors.items():
        whole = kind.startswith(_WHOLE) and tensor.endswith("weight") and len(shape) > 1
        if whole or _SCALES.search(tensor):
            raise ModelError(
                f"model '{name}' has quantised weights without a configuration that says how "
                f"('{tensor}'): look for a copy in half precision"
            )
