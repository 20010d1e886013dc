"""The files of a model that libraries see: those that were chosen, and no others.

Libraries look for weights in many places: lists of shards, adapters, pickles, modules. So they are
given a folder of links to the chosen files alone, whose configurations were examined before.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from evolve.errors import IncompleteModelError, ModelError
from evolve.models import portraits
from evolve.models.files import allowed_files, pipeline_files
from evolve.models.files.configs import require_built, require_counted, require_harmless
from evolve.models.files.safetensors_headers import Tensor, tensors_of
from evolve.models.files.scaled_weights import require_unscaled

LARGEST_DATA = 256 << 20
"""Bytes that a vocabulary or configuration has at most; the largest known have some 50 MB."""


def examined(
    name: str, folder: Path, components: Mapping[str, str], chosen: pipeline_files.Chosen
) -> pipeline_files.Chosen:
    """Examine the chosen files, and return them without lists of other shards.

    Raises:
        ModelError: A configuration asks for code, or a list of shards for anything but safetensors.
    """
    kept = []
    for file in chosen.data:
        part, _, base = file.rpartition("/")
        if (folder / file).stat().st_size > LARGEST_DATA:
            raise ModelError(
                f"model '{name}' cannot be read: '{file}' has over {LARGEST_DATA >> 20} MB: "
                "get it again, or look for another copy"
            )
        if base.endswith(".json") and ".index." in base:  # which file holds each tensor
            index = allowed_files.read_json(folder / file, name)
            if not pipeline_files.require_shards(name, file, index, chosen):
                continue
        elif "config" in base or file == pipeline_files.INDEX:
            kind = components.get(part.partition("/")[0], "")
            auto = kind.startswith("Auto") and not kind.startswith("Autoencoder")
            config = allowed_files.read_json(folder / file, name)
            require_harmless(name, file, config, auto=auto)
            if base == "scheduler_config.json":
                require_counted(name, file, config)
        kept.append(file)
    return replace(chosen, data=tuple(kept))


def require_sane(
    name: str, folder: Path, chosen: Iterable[str]
) -> dict[str, dict[str, tuple[int, ...]]]:
    """Refuse parts whose weights contradict their configuration so that building could do harm.

    Returns:
        The shapes of the chosen weights of each part, by name.

    Raises:
        ModelError: They contradict it, or a file of weights is damaged.
    """
    tensors: dict[str, dict[str, Tensor]] = {}
    for file in chosen:
        held = tensors.setdefault(file.rpartition("/")[0], {})
        shown = tensors_of(folder / file)
        if twice := sorted(held.keys() & shown.keys()):
            raise ModelError(f"model '{name}' has two weights called {twice[0]!r}: get it again")
        held.update(shown)
    shapes: dict[str, dict[str, tuple[int, ...]]] = {}
    for part, held in tensors.items():
        file = f"{part}/config.json" if part else "config.json"
        config = allowed_files.read_json(folder / file, name)
        shapes[part] = {key: tensor.shape for key, tensor in held.items()}
        require_built(name, file, config, shapes[part])
        if not config.get("quantization_config"):
            require_unscaled(name, held)
    return shapes


def clip_files(folder: Path) -> tuple[list[str], Mapping[str, tuple[int, ...]]]:
    """Return the files to read of a folder with a CLIP, and the shapes of its weights, by name.

    Raises:
        ModelError: Weights are missing, or it asks for code.
    """
    name = str(folder)
    files = allowed_files.files_of(name, folder, (), ours=folder.is_relative_to(portraits.WEIGHTS))
    data = tuple(sorted(n for n in files if n.endswith(pipeline_files.DATA)))
    weights = pipeline_files.weights_of("", files)
    if not weights:
        raise IncompleteModelError(
            f"weights (.safetensors) are missing in '{folder}': get them again"
        )
    chosen = examined(name, folder, {}, pipeline_files.Chosen(data, tuple(weights), None))
    shapes = require_sane(name, folder, chosen.weights)[""]
    return [*chosen.data, *chosen.weights], shapes


@contextlib.contextmanager
def staged(folder: Path, chosen: Iterable[str]) -> Iterator[Path]:
    """Yield a folder of links to these files of `folder` alone, removed when the block ends."""
    with tempfile.TemporaryDirectory() as stage:
        for file in chosen:
            link = Path(stage, file)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to((folder / file).resolve())
        yield Path(stage)
