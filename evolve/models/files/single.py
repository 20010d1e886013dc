"""Models in one `.safetensors` file, as they are often shared: all the weights and nothing else.

Configuration and vocabulary are in a folder beside the file, or come from the repository on the hub
that first had a model of this kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from evolve.errors import ModelError
from evolve.models.files import pipeline_files
from evolve.models.files.safetensors_headers import Tensor
from evolve.models.model_names import HubName

_SD_1 = "model.diffusion_model.input_blocks.0.0.weight"
"""A tensor of Stable Diffusion 1, for which diffusers takes all that it does not know."""

_OTHERS = (
    (r"^emb_params$|^string_to_param|^clip_[lg]$", "embeddings of words"),
    (r"^control_model\.|^controlnet_|^input_hint_block\.", "a ControlNet"),
    (r"^ip_adapter\.|^image_proj\.", "an IP adapter"),
    (r"^model\.\d+\.(sub\.)?|^conv_first\.|^body\.\d+\.", "an upscaler"),
    (r"^(encoder|decoder)\.(down|mid|up)(_blocks|_block)?\.", "a VAE alone"),
    (r"^text_model\.|^encoder\.(block|layers)\.|^embeddings\.position", "a text encoder alone"),
    (r"^(down_blocks|up_blocks|mid_block)\.", "a UNet alone"),
    (r"patch_embedding\.weight$", "a model of videos"),
)
"""Names of tensors, and what a file holds that has them and no denoiser under its usual names."""


def _other_kind(tensors: Iterable[str]) -> str:
    names = sorted(tensors)
    for pattern, what in _OTHERS:
        if any(re.search(pattern, name) for name in names):
            return what
    return ""


def require_safetensors(file: Path) -> None:
    """Refuse any other kind of file.

    Raises:
        ModelError: It is another kind.
    """
    if file.suffix != ".safetensors" or not file.is_file():
        raise ModelError(
            f"'{file}' is not a .safetensors file: "
            "fancier reads no others, because they may contain code"
        )


def configuration_of(file: Path, tensors: Mapping[str, Tensor]) -> Path | HubName:
    """Return where the configuration of a model in a single file is: a folder, or on the hub.

    Raises:
        ModelError: It is no model of a kind that diffusers knows.
    """
    for folder in (file.with_suffix(""), file.parent):
        if (folder / pipeline_files.INDEX).is_file():
            return folder
    if any("lora" in name.lower() for name in tensors):
        raise ModelError(f"'{file}' is a LoRA: name the model it belongs to, 'MODEL+{file.name}'")
    # Only here, because it takes seconds to import.
    from diffusers.loaders import single_file_utils as known

    try:
        # What diffusers does not know, it takes for Stable Diffusion 1.
        kind = known.infer_diffusers_model_type(tensors)
        if (kind == "v1" and _SD_1 not in tensors) or "controlnet" in kind:
            raise KeyError(kind)
        return HubName(
            known.DIFFUSERS_DEFAULT_PIPELINE_PATHS[kind]["pretrained_model_name_or_path"]
        )
    except (KeyError, AttributeError, IndexError) as error:
        if what := _other_kind(tensors):
            raise ModelError(
                f"'{file}' holds {what}: name the file of a whole model, or a folder with one"
            ) from error
        raise ModelError(
            f"'{file}' is of a kind that diffusers does not know: put a folder with its "
            f"configuration ({pipeline_files.INDEX}, unet/config.json, ...) beside it, named "
            f"'{file.stem}'"
        ) from error
