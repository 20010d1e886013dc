"""The file of a LoRA: which layers it changes, by which matrices, and how strongly.

Each trainer has its own way to name and scale layers. diffusers translates most to
`part.layer.lora_A.weight`; the others are translated here. The change `B A x` of rank r is
scaled by alpha / r, or by alpha / sqrt(r) where the LoRA is rank-stabilised (Kalajdzievski 2023,
arXiv:2312.03732, eq. 4); alpha is r where none is stated. It may be stated beside a layer, in the
header of the file, or in the `adapter_config.json` that PEFT writes beside it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch

from evolve.errors import ModelError
from evolve.models.families.gate import with_article
from evolve.models.files.allowed_files import read_json
from evolve.models.files.safetensors_headers import tensors_of
from evolve.models.loras import sd3_names
from evolve.models.loras.kinds import require_plain
from evolve.models.loras.naming import TEXT_ENCODER, is_there, named_by_layers
from evolve.models.loras.places import settings_beside

_BARE = "base_model.model."
"""What PEFT puts before the layers of the one model that it adapted."""
_OLD_TEXT = re.compile(
    r"(to_(?P<projection>[a-z]+)_lora|lora_linear_layer)\.(?P<half>down|up)(?=\.)"
)
"""How diffusers names layers of text encoders: `q_proj.lora_A` was `to_q_lora.down`."""


class LayerChange(NamedTuple):
    """What a LoRA adds to one layer: scale * up @ down."""

    down: torch.Tensor
    """(rank, in), or (rank, in, height, width) of a convolution."""
    up: torch.Tensor
    """(out, rank), or (out, rank, 1, 1)."""
    scale: float


@dataclass(frozen=True, slots=True)
class _Scaling:
    """How the layers of one part of a pipeline are scaled, in the terms of PEFT."""

    alpha: float | None = None
    stabilised: bool = False
    patterns: Mapping[str, float] | None = None
    """Other alphas, for layers whose path is this name or ends in it."""

    @classmethod
    def read(cls, stated: Mapping[str, Any]) -> _Scaling:
        alpha, patterns = stated.get("lora_alpha"), stated.get("alpha_pattern")
        return cls(
            alpha=None if alpha is None else float(alpha),
            stabilised=bool(stated.get("use_rslora")),
            patterns={str(k): float(v) for k, v in dict(patterns or {}).items()},
        )

    def alpha_of(self, layer: str) -> float | None:
        for pattern, alpha in (self.patterns or {}).items():
            # PEFT reads them as regular expressions, but writes names. A stranger's expression
            # could take hours to match.
            name = pattern.removeprefix("^").removesuffix("$")
            if layer == name or layer.endswith(f".{name}"):
                return alpha
        return self.alpha


def read_lora(pipeline: Any, file: Path) -> Mapping[str, LayerChange]:
    """Return what a LoRA adds to a pipeline, by path: `part.layer`, as the file names it.

    Raises:
        ModelError: The file is no LoRA, or the pipeline takes none.
    """
    tensors, alphas, scalings = _read(pipeline, file)
    layers = {}
    for key, down in tensors.items():
        path, found, rest = key.partition(".lora_A.")
        if not found:
            continue
        up = tensors[f"{path}.lora_B.{rest}"]
        _require_numbers(file.name, path, down, up)
        part, _, layer = path.partition(".")
        scaling = scalings.get(part, _Scaling())
        rank = len(down)
        alpha = alphas.get(path, scaling.alpha_of(layer))
        root = math.sqrt(rank) if scaling.stabilised else rank
        # Without an alpha the change is taken as it is, stabilised or not.
        scale = 1.0 if alpha is None else alpha / root
        if not math.isfinite(scale):
            what = f"the alpha of its layer '{path}' is {alpha}"
            raise ModelError(f"'{file.name}' is damaged: {what}")
        layers[path] = LayerChange(down, up, scale)
    if not layers:
        raise _foreign(file, "fancier", f"its layer {_layer_of(next(iter(tensors), 'unknown'))}")
    return layers


def _read(
    pipeline: Any, file: Path
) -> tuple[dict[str, torch.Tensor], dict[str, float], dict[str, _Scaling]]:
    """Return the matrices by name, alphas stated beside layers, and the scaling of each part."""
    from safetensors import safe_open
    from safetensors.torch import load_file

    require_plain(file.name, tensors_of(file))
    raw = load_file(file)
    for key in (key for key in raw if key.endswith(".alpha")):
        _alpha(file.name, key, raw[key])
    denoiser = "unet" if hasattr(pipeline, "unet") else "transformer"
    tensors, alphas = _matrices(pipeline, file, sd3_names.renamed(pipeline, raw), denoiser)
    with safe_open(file, "pt") as opened:
        header = opened.metadata() or {}
    return (
        tensors,
        {
            k.removesuffix(".alpha").partition(".lora_")[0]: _alpha(file.name, k, v)
            for k, v in alphas.items()
        },
        _scalings(header, file, denoiser),
    )


def _matrices(
    pipeline: Any, file: Path, raw: Mapping[str, torch.Tensor], denoiser: str
) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Return matrices and alphas as diffusers translates them, else by the layers they name."""
    failure: ModelError | None = None
    try:
        tensors, alphas = _translated(pipeline, file, raw, denoiser)
        paths = {name.partition(".lora_A.")[0] for name in tensors if ".lora_A." in name}
        if paths and all(is_there(pipeline, path) for path in paths):
            return _with_all_texts(pipeline, file, raw, tensors, alphas)
    except ModelError as error:
        failure = error
    if (new := named_by_layers(pipeline, denoiser, raw)) is None:
        if failure is not None:
            raise failure
        return tensors, alphas
    return _renamed(raw, new)


def _renamed(
    raw: Mapping[str, torch.Tensor], new: Mapping[str, str]
) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Return matrices and alphas by their new names."""
    tensors = {name: raw[old] for old, name in new.items()}
    return tensors, {name: tensor for name, tensor in tensors.items() if name.endswith(".alpha")}


def _with_all_texts(
    pipeline: Any,
    file: Path,
    raw: Mapping[str, torch.Tensor],
    tensors: dict[str, torch.Tensor],
    alphas: dict[str, Any],
) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Add the matrices and alphas of text encoders that diffusers leaves out (T5 of Flux).

    Raises:
        ModelError: The pipeline has no such text encoder.
    """
    texts = {name: found[0] for name in raw if (found := TEXT_ENCODER.match(name))}
    there = {
        part for name in tensors if (part := name.partition(".")[0]).startswith("text_encoder")
    }
    if len(set(texts.values())) <= len(there):
        return tensors, alphas
    if (new := named_by_layers(pipeline, "", texts)) is None:
        alone = (name for name in texts if named_by_layers(pipeline, "", [name]) is None)
        layer = next(alone, next(iter(texts)))  # if each is found, two mean the same one
        raise _foreign(file, "fancier", f"its layer {_layer_of(layer)} is in no text encoder")
    others, beside = (
        {k: v for k, v in kept.items() if k.partition(".")[0] not in there}
        for kept in (tensors, alphas)
    )
    read, strengths = _renamed(raw, new)
    return {**others, **read}, {**beside, **strengths}


def _translated(
    pipeline: Any, file: Path, raw: Mapping[str, torch.Tensor], denoiser: str
) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Return the matrices and alphas by the names that diffusers gives them."""
    if not hasattr(pipeline, "lora_state_dict"):
        raise ModelError(
            f"LoRA '{file.name}' was made for another model: "
            f"{with_article(type(pipeline).__name__)} has no layer {_layer_of(min(raw))}"
        )
    options = {"unet_config": pipeline.unet.config} if denoiser == "unet" else {}
    placed = {_placed(key, denoiser): tensor for key, tensor in raw.items()}
    try:
        answer = pipeline.lora_state_dict(placed, return_alphas=True, **options)
        tensors, beside = answer[:2] if isinstance(answer, tuple) else (answer, None)
        new = _names_of_today([*tensors, *(beside or {})])
    except (ValueError, LookupError, TypeError, AttributeError, RuntimeError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)[:200]
        raise _foreign(file, "diffusers", reason) from error
    # Old files of a denoiser alone do not name it.
    own = set(pipeline.components)
    for name in {*tensors, *(beside or {})}:
        here = new.get(name, name)
        first = here.partition(".")[0]
        if first not in own and hasattr(getattr(pipeline, denoiser), first):
            new[name] = f"{denoiser}.{here}"
    tensors = {new.get(name, name): tensor for name, tensor in tensors.items()}
    alphas = {k: v for k, v in tensors.items() if k.endswith(".alpha")}
    return tensors, {**alphas, **{new.get(k, k): v for k, v in (beside or {}).items()}}


def _foreign(file: Path, reader: str, reason: str) -> ModelError:
    """Return the refusal of a file in which a reader finds no layers of this pipeline."""
    return ModelError(
        f"LoRA '{file.name}' was made for another model, or is written in a way that {reader} "
        f"does not know: {reason}"
    )


def _layer_of(name: str) -> str:
    """Return the layer that the name of a tensor begins with."""
    return name.partition(".lora")[0]


def _require_numbers(name: str, path: str, *halves: torch.Tensor) -> None:
    """Refuse matrices that are empty, of whole numbers, or not finite."""
    for half in halves:
        if not half.is_floating_point():
            raise ModelError(
                f"'{name}' has whole numbers in its layer '{path}': look for one in half precision"
            )
        if not half.numel() or not half.float().isfinite().all():
            raise ModelError(f"'{name}' is damaged: its layer '{path}' holds no numbers")


def _alpha(name: str, key: str, value: Any) -> float:
    try:
        return float(value)
    except (ValueError, TypeError, RuntimeError):
        raise ModelError(f"'{name}' is damaged: '{key}' is not one number") from None


def _placed(key: str, denoiser: str) -> str:
    """Return the name of a tensor with its part, which PEFT leaves out."""
    return f"{denoiser}.{key.removeprefix(_BARE)}" if key.startswith(_BARE) else key


def _scalings(header: Mapping[str, str], file: Path, denoiser: str) -> dict[str, _Scaling]:
    """Return how the layers of each part are scaled, from the header or the file beside it."""
    parts: dict[str, dict[str, Any]] = {}
    try:
        for key, value in json.loads(header.get("lora_adapter_metadata", "{}")).items():
            part, _, name = key.partition(".")
            parts.setdefault(part, {})[name] = value
        if not parts and (beside := settings_beside(file)) is not None:
            parts[denoiser] = read_json(beside, str(file.parent))
        return {part: _Scaling.read(stated) for part, stated in parts.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ModelError(f"'{file.name}' does not say how strong it is: {error}") from error


def _names_of_today(names: Sequence[str]) -> dict[str, str]:
    """Return the new names of tensors with old ones."""
    from diffusers.utils.state_dict_utils import convert_unet_state_dict_to_peft

    old = [name for name in names if "lora_A" not in name and "lora_B" not in name]
    text = [name for name in old if name.startswith("text_encoder")]
    new = convert_unet_state_dict_to_peft({name: name for name in old if name not in text})
    return {
        **{before: after for after, before in new.items()},
        # Each by itself: diffusers guesses one dialect for all, which needs many layers.
        **{name: _OLD_TEXT.sub(_text_of_today, name) for name in text},
    }


def _text_of_today(found: re.Match[str]) -> str:
    projection = f"{found['projection']}_proj." if found["projection"] else ""
    return f"{projection}lora_{'A' if found['half'] == 'down' else 'B'}"
