"""Ways to damage the files of a population."""

import json
from collections.abc import Callable
from pathlib import Path

from populations.format.header import sealed


def root(path: Path) -> Path:
    return path / "population.zarr"


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def remove(file: Path) -> None:
    file.unlink()


def rewrite(path: Path, change: Callable[[dict[str, object]], object]) -> None:
    document = json.loads((root(path) / "zarr.json").read_text())
    change(document["attributes"])
    document["attributes"] = sealed(document["attributes"])
    (root(path) / "zarr.json").write_text(json.dumps(document))
