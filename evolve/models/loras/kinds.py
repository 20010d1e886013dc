"""Which files are plain LoRAs; any other kind is refused by its name.

Whatever a file holds beside a LoRA would change pictures in other programs, so it must not be
ignored silently. The names of tensors show the kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evolve.errors import ModelError

_OTHERS = (
    (r"^(model\.diffusion_model|first_stage_model|cond_stage_model)\.", "weights of a whole model"),
    (r"lora_controlnet|control_model\.|input_hint_block", "a network for control pictures"),
    (r"dora_scale|lora_magnitude_vector", "a DoRA"),
    (r"hada_[wt]\d", "a LoHa"),
    (r"lokr_[wt]\d", "a LoKr"),
    (r"(^|[._])b?oft_", "an OFT"),
    (r"(^|[._])vera_", "a VeRA"),
    (r"ia3_|\.on_input$", "an IA3"),
    (r"\.[ab][12]\.weight$", "a GLoRA"),
    (r"lora_mid", "a LoCon with a core"),
    (r"\.(diff|diff_b|w_norm|b_norm|set_weight)$", "changes of whole layers"),
    (r"lora_([AB]|up|down)(\.\w+)?\.bias$", "biases of LoRA layers"),
    (r"emb_params|string_to_param|^bundle_emb|^clip_[lg]$", "embeddings of words"),
)
_PLAIN = re.compile(r"(?:lora_(?P<new>[AB])(?:\.\w+)?|[\d_.](?P<old>down|up))\.weight$|\.alpha$")
_OTHER_HALF = {"A": "B", "B": "A", "down": "up", "up": "down"}


def require_plain(name: str, tensors: Iterable[str]) -> None:
    """Refuse a file with these tensors that is no LoRA, or has more in it.

    Raises:
        ModelError: The message says what it is.
    """
    if problem := _problem(sorted(tensors)):
        raise ModelError(f"'{name}' {problem}")


def _problem(tensors: Sequence[str]) -> str:
    """Return why a file is no plain LoRA; empty if it is one."""
    for pattern, what in _OTHERS:
        if found := next((tensor for tensor in tensors if re.search(pattern, tensor)), None):
            return f"holds {what} ('{found}'): fancier adds plain LoRAs"
    others = [tensor for tensor in tensors if not _PLAIN.search(tensor)]
    if len(others) == len(tensors):
        return "is not a LoRA that fancier knows: it has no lora_A and lora_B"
    if others:
        some = f"{len(others)} tensors such as '{others[0]}'"
        return f"holds more than a LoRA, {some}: fancier adds plain LoRAs"
    known = set(tensors)
    for tensor in tensors:
        if (half := _other_half(tensor)) is not None and half not in known:
            return f"is damaged: it has '{tensor}' without '{half}'"
    return ""


def _other_half(tensor: str) -> str | None:
    """Return the name of the other matrix of a layer's change; None for a tensor of no pair."""
    found = _PLAIN.search(tensor)
    if found is None or found.lastgroup is None:
        return None
    begin, end = found.span(found.lastgroup)
    return f"{tensor[:begin]}{_OTHER_HALF[found[found.lastgroup]]}{tensor[end:]}"
