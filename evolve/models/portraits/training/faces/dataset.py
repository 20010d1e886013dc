"""The composed faces on disk: pixels as one memory-mapped array, one JSON record a face."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

PIXELS = 128
RECIPE = Path(__file__).parents[1] / "data"
COUNT = 39000
"""Faces of the data, if no other number is given."""


class Faces:
    """Every face composed so far under `folder` (composition may still be going on)."""

    def __init__(self, folder: Path) -> None:
        with (folder / "faces.jsonl").open() as lines:
            self.records: list[dict[str, Any]] = [
                json.loads(line) for line in lines if line.endswith("\n")
            ]
        stored = (folder / "faces.u8").stat().st_size // (PIXELS * PIXELS * 3)
        self.records = self.records[:stored]
        shape = (len(self.records), PIXELS, PIXELS, 3)
        self.pixels = np.memmap(folder / "faces.u8", dtype=np.uint8, mode="r", shape=shape)
        held = np.array([r["held_out"] for r in self.records])
        self.training = np.flatnonzero(~held)
        self.held_out = np.flatnonzero(held)
        self._there: torch.Tensor | None = None

    def to(self, device: str) -> Faces:
        """Keep all pixels in the memory of a GPU, and give images there."""
        if device != "cpu":
            self._there = torch.from_numpy(np.array(self.pixels)).to(device)
        return self

    def images(self, indices: npt.NDArray[np.int64]) -> torch.Tensor:
        """(n, 3, 128, 128) float32 in [-1, 1]."""
        if self._there is not None:
            pixels = self._there[torch.from_numpy(np.asarray(indices)).to(self._there.device)]
        else:
            pixels = torch.from_numpy(np.ascontiguousarray(self.pixels[np.asarray(indices)]))
        return pixels.permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def compose(
    folder: Path,
    count: int = COUNT,
    seed: int = 1,
    modules: Path = RECIPE,
    *,
    drawings: bool = False,
) -> None:
    """Renders the faces with node; `modules` is the folder that holds node_modules.

    With `drawings` they are written as text instead, not as pixels.
    """
    command = ["node", str(RECIPE / "compose.mjs"), "--out", str(folder)]
    command += ["--count", str(count), "--seed", str(seed)]
    command += ["--modules", str(modules.absolute())]
    command += ["--drawings"] if drawings else []
    subprocess.run(command, check=True)


def contact_sheet(images: torch.Tensor, path: Path, columns: int = 8) -> None:
    """Writes (n, 3, H, W) images in [-1, 1] as one PNG, row by row."""
    n, _, height, width = images.shape
    rows = -(-n // columns)
    sheet = torch.ones(rows * columns, 3, height, width)
    sheet[:n] = images.float().clamp(-1, 1)
    sheet = sheet.reshape(rows, columns, 3, height, width).permute(0, 3, 1, 4, 2)
    pixels = sheet.reshape(rows * height, columns * width, 3).add(1).mul(127.5).round()
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels.to(torch.uint8).numpy()).save(path)
