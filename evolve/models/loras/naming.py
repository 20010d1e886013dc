"""Which layer of a pipeline a LoRA means by a name, whatever its trainer adds to that name.

Most trainers write the path of the layer, with a prefix for its part and with underscores for dots.
So it is looked up among the layers of the pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from torch import nn

LAYERS = (nn.Linear, nn.Conv2d)
"""What a LoRA changes."""

_HALF = re.compile(
    r"\.(?:lora_linear_layer|lora_linear|lora)[._](?P<half>A|B|down|up)(?:\.\w+)?\.weight$"
    r"|(?P<alpha>\.alpha)$"
)
_HALVES = {"A": "A", "down": "A", "B": "B", "up": "B"}
_PREFIXES = ("lora_unet", "lora_transformer", "lycoris", "diffusion_model", "base_model_model")
"""Prefixes of layers of the denoiser."""
TEXT_ENCODER = re.compile(r"lora_te\d?(?=_)|text_encoders\.\w+|text_encoder(_\d)?(?=\.)")
"""Beginnings of the names of layers of a text encoder."""
_TEXT = re.compile(
    r"(?:lora_te(?P<number>\d?)|text_encoders_(?P<kind>[a-z0-9]+(?:_[lg](?=_))?)_transformer)_(?P<inner>.+)"
)
_NUMBERS = {"clip_l": 1, "clip_g": 2, "t5xxl": 3}
_TEXT_MODEL = "text_model"
"""Module around the layers of some text encoders, which depends on the version of transformers."""


def layer_at(pipeline: Any, path: str) -> Any:
    """Return the layer of a path `part.layer`.

    A LoRA names layers of text encoders as they were called when it was trained.

    Raises:
        AttributeError: There is none.
    """
    part, _, inner = path.partition(".")
    whole = getattr(pipeline, part)
    try:
        return whole.get_submodule(inner)
    except AttributeError:
        _, above, bare = inner.rpartition(f"{_TEXT_MODEL}.")
        return whole.get_submodule(bare if above else f"{_TEXT_MODEL}.{inner}")


def is_there(pipeline: Any, path: str) -> bool:
    """Return whether a path leads to a layer that a LoRA may change."""
    try:
        return isinstance(layer_at(pipeline, path), LAYERS)
    except AttributeError:
        return False


def parted(name: str) -> tuple[str, str] | None:
    """Return the layer of a tensor of a LoRA, with underscores for dots, and the tensor's role.

    The role is `lora_A.weight`, `lora_B.weight` or `alpha`. None for any other name.
    """
    if (found := _HALF.search(name)) is None:
        return None
    half = f"lora_{_HALVES[found['half']]}.weight" if found["half"] else "alpha"
    return name[: found.start()].replace(".", "_"), half


def named_by_layers(pipeline: Any, denoiser: str, names: Iterable[str]) -> Mapping[str, str] | None:
    """Return names of a LoRA's tensors as `part.layer.lora_A.weight`, `.lora_B.weight`, `.alpha`.

    Names without a part are of the denoiser; if that is empty, each must have one.

    Returns:
        The new names by the old ones; None if one of them is of no layer of the pipeline.
    """
    known: dict[str, dict[str, str]] = {}
    new: dict[str, str] = {}
    for name in names:
        if (found := parted(name)) is None:
            return None
        flat, half = found
        for part, layer in _meanings(pipeline, denoiser, flat):
            if part not in known:
                known[part] = _by_flat_name(getattr(pipeline, part))
            if (path := known[part].get(layer)) is not None:
                new[name] = f"{part}.{path}.{half}"
                break
        else:
            return None
    return new if len(set(new.values())) == len(new) else None


def _meanings(pipeline: Any, denoiser: str, flat: str) -> Iterator[tuple[str, str]]:
    """Yield the part and the layer, with underscores, that a name may mean."""
    parts = sorted(n for n, p in pipeline.components.items() if isinstance(p, nn.Module))
    texts = [part for part in parts if part.startswith("text_encoder")]
    if (found := _TEXT.fullmatch(flat)) is not None:
        number = int(found["number"] or _NUMBERS.get(found["kind"], 1))
        # The third for Flux is its second here: it has none of CLIP's larger kind.
        for part in dict.fromkeys((*texts[number - 1 : number], *texts[-1:])):
            yield part, found["inner"]
        return
    for part in sorted(parts, key=len, reverse=True):
        if flat.startswith(f"{part}_"):
            yield part, flat.removeprefix(f"{part}_")
    if not denoiser:
        return
    for prefix in _PREFIXES:
        if flat.startswith(f"{prefix}_"):
            yield denoiser, flat.removeprefix(f"{prefix}_")
    yield denoiser, flat


def _by_flat_name(part: nn.Module) -> dict[str, str]:
    """Return the paths of the layers of a part, by the same paths with underscores for dots."""
    found = {}
    for path, module in part.named_modules():
        if not isinstance(module, LAYERS):
            continue
        bare = path.removeprefix(f"{_TEXT_MODEL}.")
        for name in (path, bare, f"{_TEXT_MODEL}.{bare}"):
            found[name.replace(".", "_")] = path
    return found
