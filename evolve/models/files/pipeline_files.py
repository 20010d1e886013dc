"""The files that a diffusers pipeline is made of, and which of them are needed to load it.

The same rules choose what to download from the hub, and decide whether a folder on the disk is
complete; no other file of it is ever read (`evolve.models.files.staging`). Only data is chosen:
configurations, vocabularies, safetensors.
"""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from evolve.errors import IncompleteModelError, ModelError
from evolve.models.files.other_folders import INDEX as INDEX
from evolve.models.files.other_folders import PICKLES as PICKLES
from evolve.models.files.other_folders import without_weights

SKIPPED = ("safety_checker", "feature_extractor", "image_encoder")
"""Parts that painting from words does not need."""

_WEIGHTLESS = ("Scheduler", "Tokenizer", "TokenizerFast", "Processor", "FeatureExtractor")
DATA = (".json", ".txt", ".model", ".jinja")
"""How configurations and vocabularies end."""
_WEIGHTS = re.compile(
    r"(?:diffusion_pytorch_model|model)(?P<a>\.[a-z]\w*)?(?:-\d+-of-(?P<shards>\d+))?"
    r"(?P<b>\.[a-z]\w*)?\.safetensors"
)
_NO_VOCABULARY = {
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.json",
    "chat_template.jinja",
}
"""Files of a tokenizer that are not its vocabulary."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What to load of a pipeline."""

    data: tuple[str, ...]
    """Configurations and vocabularies, relative to the pipeline's folder."""
    weights: tuple[str, ...]
    variant: str | None
    """Such as `fp16`; None for the plain weights."""


def components(name: str, index: Mapping[str, Any]) -> dict[str, str]:
    """Return the class name of each part that is needed.

    Raises:
        ModelError: A part is from anywhere but diffusers and transformers: loading it would import
            unknown code.
    """
    classes: dict[str, str] = {}
    for part, value in index.items():
        if part.startswith("_") or part in SKIPPED or not isinstance(value, list):
            continue
        if len(value) != 2 or not all(isinstance(v, str | None) for v in value):
            continue  # a setting that is a list
        library, class_name = value
        if library is None or class_name is None:
            continue
        if not part.isidentifier():
            raise ModelError(
                f"model '{name}' has a part called {part!r}, which is not the name of a folder: "
                "look for another copy"
            )
        if library not in ("diffusers", "transformers") and library not in _pipeline_modules():
            raise ModelError(
                f"model '{name}' needs its {part} from {library!r}, which fancier does not run: "
                "use a model made of diffusers and transformers alone"
            )
        classes[part] = class_name
    return classes


def heavy(components: Mapping[str, str], files: Collection[str]) -> list[str]:
    """Return those parts that have weights, by their classes and all files of a pipeline."""
    return [
        part
        for part, kind in components.items()
        if not kind.endswith(_WEIGHTLESS) and not _is_settings(part, files)
    ]


def _is_settings(part: str, files: Collection[str]) -> bool:
    """Return whether the folder of a part holds settings alone, whatever its class is called.

    Parts with weights have a `config.json`; tokenizers, schedulers, processors and guiders have a
    `tokenizer_config.json` or the like.
    """
    inside = [name.rpartition("/")[2] for name in files if name.startswith(f"{part}/")]
    return (
        any(name.endswith("_config.json") for name in inside)
        and "config.json" not in inside
        and not any(name.endswith((".safetensors", *PICKLES)) for name in inside)
    )


def choose(name: str, index: Mapping[str, Any], files: Mapping[str, int]) -> Chosen:
    """Choose what to load of a pipeline: the smallest weights that are complete.

    Half-precision variants are half the download, and as good for painting. `index` is its
    `model_index.json`, `files` are all of its folder, with their sizes.

    Raises:
        IncompleteModelError: Weights are missing, or there are only pickles.
    """
    parts = components(name, index)
    _require_folders(name, parts, files)
    sets = {part: _weight_sets(part, files) for part in heavy(parts, files)}
    for part, variants in sets.items():
        if not variants:
            raise IncompleteModelError(without_weights(name, part, files))
    complete = {
        variant: sorted(n for v in sets.values() for n in v.get(variant, v.get(None, ())))
        for variant in {None, *(v for variants in sets.values() for v in variants)}
        if all(variant in v or None in v for v in sets.values())
    }
    if not complete:
        raise IncompleteModelError(
            f"model '{name}' has no complete set of weights: its parts are of different variants"
        )
    best = min(complete, key=lambda v: (sum(files[n] for n in complete[v]), v or ""))
    return Chosen(data=_data(parts, files), weights=tuple(complete[best]), variant=best)


def configured(name: str, index: Mapping[str, Any], files: Mapping[str, int]) -> Chosen:
    """Choose what to load beside a single file of weights: data, and any weights there are.

    Raises:
        IncompleteModelError: A part has no folder, or a tokenizer no vocabulary.
    """
    parts = components(name, index)
    _require_folders(name, parts, files)
    weights = tuple(n for part in heavy(parts, files) for n in weights_of(part, files))
    return Chosen(data=_data(parts, files), weights=weights, variant=None)


def _require_folders(name: str, parts: Mapping[str, str], files: Iterable[str]) -> None:
    """Refuse a pipeline without the folder of a part, which libraries would make up."""
    there: dict[str, set[str]] = {}
    for file in files:
        folder, _, inside = file.partition("/")
        there.setdefault(folder, set()).add(inside)
    for part, kind in parts.items():
        if part not in there:
            raise IncompleteModelError(
                f"model '{name}' is incomplete: the folder '{part}' is missing"
            )
        if "Tokenizer" in kind and "ByT5" not in kind and not there[part] - _NO_VOCABULARY:
            raise IncompleteModelError(
                f"model '{name}' is incomplete: the vocabulary is missing in '{part}'"
            )


def _data(parts: Mapping[str, str], files: Mapping[str, int]) -> tuple[str, ...]:
    folders = tuple(f"{part}/" for part in parts)
    data = [n for n in files if n.startswith(folders) and n.endswith(DATA) and ".." not in n]
    top = [n for n in (INDEX, "README.md", "fancier.json") if n in files]
    return tuple(top + sorted(data))


def require_shards(name: str, file: str, index: Mapping[str, Any], chosen: Chosen) -> bool:
    """Return whether a list of shards, with this content, belongs to the chosen weights.

    Raises:
        ModelError: It names anything but safetensors beside it.
    """
    shards = index.get("weight_map")
    if not isinstance(shards, dict) or not all(isinstance(s, str) for s in shards.values()):
        raise ModelError(f"model '{name}' cannot be read: '{file}' lists no weights")
    part = file.rpartition("/")[0]
    named = set(shards.values())
    for shard in sorted(named):
        if not _WEIGHTS.fullmatch(shard):
            raise ModelError(
                f"model '{name}' names {shard!r} as weights in '{file}': fancier reads only "
                "safetensors beside it, because other files may contain code"
            )
    return {f"{part}/{shard}" for shard in named} <= set(chosen.weights)


def weights_in(files: Iterable[str]) -> list[str]:
    """Return those of the files that are weights."""
    return [file for file in files if file.endswith(".safetensors")]


def weights_of(part: str, files: Mapping[str, int]) -> list[str]:
    """Return the plain weights of one part, empty if they are not all there."""
    return sorted(_weight_sets(part, files).get(None, []))


def _weight_sets(part: str, files: Mapping[str, int]) -> dict[str | None, list[str]]:
    """Return the complete sets of weights of one part, by variant."""
    by_variant: dict[str | None, list[str]] = {}
    shards: dict[str | None, int] = {}
    for file in files:
        folder, _, base = file.rpartition("/")
        match = _WEIGHTS.fullmatch(base) if folder == part else None
        if match is None:
            continue
        variant = (match["a"] or match["b"] or ".").lstrip(".") or None
        by_variant.setdefault(variant, []).append(file)
        shards[variant] = int(match["shards"] or 1)
    # Some repositories offer the same weights as one file and as shards.
    whole = {v: [n for n in names if "-of-" not in n] for v, names in by_variant.items()}
    return {
        v: whole[v] or names
        for v, names in by_variant.items()
        if whole[v] or (len(names) == shards[v] and _has_index(part, v, files))
    }


def _has_index(part: str, variant: str | None, files: Iterable[str]) -> bool:
    """Return whether there is an index of the shards of a variant."""
    ends = ".index.json" if variant is None else f".index.{variant}.json"
    return any(f.endswith(ends) and f.rpartition("/")[0] == part for f in files)


@cache
def _pipeline_modules() -> frozenset[str]:
    """Return the modules of pipelines that diffusers brings, without importing it."""
    spec = importlib.util.find_spec("diffusers")
    places = spec.submodule_search_locations if spec else None
    return frozenset(
        folder.name for place in places or () for folder in Path(place, "pipelines").iterdir()
    )
