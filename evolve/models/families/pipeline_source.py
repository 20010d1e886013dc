"""Facts about a diffusers pipeline from its source, because importing one takes seconds."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

_FOLDER = re.compile(r'_import_structure\["(\w+)"\]|"(\w+)": \[')
_PARAMETER = re.compile(r"^ {8}(\w+)\b([^\n]*(?:\n {8}[^\w\n][^\n]*)*)", re.M)
"""A name, and the rest of its lines: those at its indentation that begin with no other name."""


@lru_cache
def call_parameters(pipeline: str) -> Mapping[str, bool]:
    """Return the parameters of a pipeline's call, each with whether it is optional.

    There are none if the installed diffusers has no such class, or if its call is inherited.
    """
    call = class_source(pipeline).partition("    def __call__(\n")[2]
    header = re.split(r"^    \)", call, maxsplit=1, flags=re.M)[0]
    found = ((each[1], "=" in each[2]) for each in _PARAMETER.finditer(header))
    return {name: optional for name, optional in found if name != "self"}


def default_cells(pipeline: str) -> int | None:
    """Return the default side of a pipeline's pictures, in cells of its VAE.

    None if its source gives no number, or counts other cells.
    """
    counted = "self.vae_scale_factor = self.vae.config.spatial_compression_ratio" in (
        source := class_source(pipeline)
    )
    found = re.search(r"self\.default_sample_size = (\d+)\b", source)
    return int(found[1]) if found and counted else None


@lru_cache
def class_source(pipeline: str) -> str:
    """Return the source of the class of a pipeline; empty if there is none."""
    for file in _files(pipeline):
        _, named, body = file.read_text(encoding="utf-8").partition(f"\nclass {pipeline}(")
        if named:
            return body.partition("\nclass ")[0]
    return ""


def _files(pipeline: str) -> Iterator[Path]:
    """Yield the files that may define a pipeline, by the list in diffusers."""
    package = importlib.util.find_spec("diffusers")
    for root in (package.submodule_search_locations or ()) if package else ():
        pipelines = Path(root, "pipelines")
        names = (pipelines / "__init__.py").read_text(encoding="utf-8")
        before, named, _ = names.partition(f'"{pipeline}"')
        folders = _FOLDER.findall(before)
        if named and folders:
            folder = pipelines / "".join(folders[-1])
            yield from sorted(folder.rglob("*.py"))
            yield folder.with_suffix(".py")
