"""Where LoRAs lie on this machine: files, folders with one of them, and a person's collection."""

from __future__ import annotations

import os
from pathlib import Path

from evolve.errors import ModelError
from evolve.models.files import single
from evolve.models.model_names import local

FOLDER = "FANCIER_LORAS"
"""Names, in the environment, the folder where LoRAs are looked up that are named alone."""


def here(name: str) -> Path | None:
    """Return the file of a LoRA that is on this machine, or None.

    Raises:
        ModelError: There is something of that name, but no LoRA.
    """
    path = _found(name)
    if path is not None:
        path = _alone_in(path) if path.is_dir() else path
        single.require_safetensors(path)
        return path
    before, colon, weight = name.rpartition(":")
    if colon and _found(before) is not None:
        raise ModelError(f"'{weight}' is no weight of a LoRA: use a number such as 0.8")
    return None


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
    if len(files) != 1:
        names = ", ".join(file.name for file in files[:4]) or "none"
        raise ModelError(f"'{folder}' is not the folder of one LoRA ({names}): name its file")
    return files[0]
