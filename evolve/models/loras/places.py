"""Where LoRAs are on this machine: files, folders with one file, and a person's collection."""

from __future__ import annotations

import os
from pathlib import Path

from evolve.errors import ModelError
from evolve.models.files import single
from evolve.models.hub import cache
from evolve.models.model_names import HubName, advice_on_address, local

FOLDER = "FANCIER_LORAS"
"""The environment variable with the folder in which LoRAs without a path are looked up."""

_CONFIG = "adapter_config.json"
"""The file beside a LoRA that PEFT writes its settings to."""


def here(name: str) -> Path | None:
    """Return the file of a LoRA that is on this machine, or None.

    Raises:
        ModelError: What has that name is no LoRA.
    """
    path = _found(name)
    if path is not None:
        path = _alone_in(path) if path.is_dir() else path
        single.require_safetensors(path)
        return path
    before, colon, weight = name.rpartition(":")
    if colon and _found(before) is not None:
        raise ModelError(f"'{weight}' is not the weight of a LoRA: use a number such as 0.8")
    return None


def recorded(name: str) -> tuple[str, Path]:
    """Return the name by which a LoRA is recorded, and its file.

    Raises:
        ModelError: There is none, or several.
    """
    path = here(name)
    if path is not None:
        return str(path), path
    repo = HubName.parse(name)
    if repo is None:
        raise ModelError(
            advice_on_address(name)
            or f"there is no LoRA '{name}': name a .safetensors file, "
            f"one in ${FOLDER}, or owner/name"
        )
    pinned, folder = cache.snapshot(repo) or (repo, None)
    files = [] if folder is None else sorted(folder.rglob(repo.file or "*.safetensors"))
    if folder is None or not files:
        raise cache.NotHereError(
            f"LoRA '{name}' is not on this machine: "
            f"get it with 'fancier models --get MODEL+{name}'",
            repo,
        )
    if len(files) > 1:
        names = ", ".join(f.name for f in files[:4])
        raise ModelError(f"LoRA '{name}' has several files ({names}): name one, {name}/FILE")
    inside = files[0].relative_to(folder).as_posix()
    return str(HubName(pinned.repo, pinned.revision, inside)), files[0]


def _found(name: str) -> Path | None:
    path, folder = local(name), os.environ.get(FOLDER)
    if path is not None or not folder or os.sep in name:
        return path
    return local(
        str(Path(folder) / (name if name.endswith(".safetensors") else f"{name}.safetensors"))
    )


def _alone_in(folder: Path) -> Path:
    """Return the one file of weights in a folder, as trainers save a LoRA."""
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise ModelError(f"no LoRA in folder '{folder}': name a .safetensors file")
    if len(files) > 1:
        names = ", ".join(file.name for file in files[:4]) + ", …" * (len(files) > 4)
        raise ModelError(
            f"{len(files)} LoRAs in folder '{folder}' ({names}): name one of the files"
        )
    return files[0]


def settings_beside(file: Path) -> Path | None:
    """Return the file beside a LoRA that PEFT writes its settings to, if it is there."""
    beside = file.with_name(_CONFIG)
    return beside if file.name.startswith("adapter_model") and beside.is_file() else None
