"""Drawings of faces as text: what a machine needs that has neither node nor a network.

A drawing (SVG) of the composer repeats its style's parts, so that a hundred bytes of each are left
when a style's drawings are compressed together; its pixels are computed where they are needed.
"""

from __future__ import annotations

import io
import json
import lzma
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from PIL import Image

from evolve.models.portraits.training.faces.dataset import COUNT, PIXELS, RECIPE, compose

PACKAGES = (
    *("diffusers", "greenlet", "platformdirs", "resvg-py"),
    *("requests", "charset-normalizer", "urllib3", "idna", "certifi", "importlib-metadata", "zipp"),
)
"""What a machine for training may lack, which has PyTorch and transformers. `resvg-py` computes
pixels without node; those of the second line diffusers needs, and transformers does not."""
WINDOW = 1 << 26
"""Bytes that are looked back at for what repeats: all drawings of a style."""
JOB = 250
"""Drawings that one process computes at a time."""


def pack(
    bundle: Path, count: int = COUNT, seed: int = 1, modules: Path = RECIPE, python: str = ""
) -> None:
    """Write the drawings of `count` faces to the folder `bundle`, and packages beside them.

    Args:
        bundle: Gets `faces.jsonl.xz`, a `STYLE.svg.xz` of every style, and `packages/`.
        count: How many faces.
        seed: What they are drawn from.
        modules: Folder that holds node_modules.
        python: The version ("3.12") that `PACKAGES` are downloaded for, on Linux; "" for none.
    """
    bundle.mkdir(parents=True, exist_ok=True)
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": WINDOW}]
    with TemporaryDirectory() as scratch:
        compose(Path(scratch), count, seed, modules, drawings=True)
        for path in sorted(Path(scratch).iterdir()):
            packed = lzma.compress(path.read_bytes(), filters=filters)
            (bundle / f"{path.name}.xz").write_bytes(packed)
    if python:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary=:all:", "--python-version", python]
        for system in ("manylinux2014", "manylinux_2_28"):
            command += ["--platform", f"{system}_x86_64"]
        command += ["--dest", str(bundle / "packages")]
        subprocess.run([*command, *PACKAGES], check=True)
    size = sum(path.stat().st_size for path in bundle.rglob("*") if path.is_file())
    print(f"packed {count} faces in {bundle}: {size / 1e6:.1f} MB", flush=True)


def unpack(bundle: Path, folder: Path, count: int | None = None) -> None:
    """Compute the first `count` faces of a bundle, or all, as `dataset.compose` writes them.

    Takes all cores; does nothing where they are there already.

    Raises:
        ModuleNotFoundError: The package resvg-py is missing.
    """
    records = _lines(bundle / "faces.jsonl.xz")[:count]
    done = folder / "faces.jsonl"
    if done.exists() and len(done.read_text().splitlines()) >= len(records):
        return
    import resvg_py

    del resvg_py  # there, so that processes find it
    folder.mkdir(parents=True, exist_ok=True)
    shape = (len(records), PIXELS, PIXELS, 3)
    pixels = np.memmap(folder / "faces.u8", dtype=np.uint8, mode="w+", shape=shape)
    where: dict[str, list[int]] = {}
    for index, record in enumerate(records):
        where.setdefault(json.loads(record)["style"], []).append(index)
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for style, places in where.items():
            drawings = _lines(bundle / f"{style}.svg.xz")[: len(places)]
            jobs = [drawings[k : k + JOB] for k in range(0, len(drawings), JOB)]
            for k, found in enumerate(pool.map(_computed, jobs)):
                pixels[places[k * JOB : (k + 1) * JOB]] = found
    pixels.flush()
    partial = folder / "faces.jsonl.partial"
    partial.write_text("".join(f"{record}\n" for record in records))
    partial.replace(done)
    print(f"unpacked {len(records)} faces", flush=True)


def _lines(path: Path) -> list[str]:
    return lzma.decompress(path.read_bytes()).decode().splitlines()


def _computed(drawings: list[str]) -> npt.NDArray[np.uint8]:
    """(n, PIXELS, PIXELS, 3)."""
    import resvg_py

    pictures = [
        resvg_py.svg_to_bytes(svg_string=one, width=PIXELS, skip_system_fonts=True)
        for one in drawings
    ]
    return np.stack([np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) for png in pictures])
