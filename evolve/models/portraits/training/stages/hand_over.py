"""Writes what was trained as a few files that another machine's `adopt` takes in."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import save_file

from evolve.models.portraits.training.assembling import STORED, assemble
from evolve.models.portraits.training.learning.checkpoint import load
from evolve.models.portraits.training.sheets import paint_sheet


def hand_over(work: Path, to: Path, *, sheet: bool = True) -> None:
    """Write the autoencoder, the critic, the UNet in halves, and a `sheet` of what they paint."""
    to.mkdir(parents=True, exist_ok=True)
    pipeline = assemble(work)
    _write(pipeline.vae.state_dict(), to / "vae.safetensors")
    if (critic := load(work / "critic.pt")) is not None:
        _write(critic["model"], to / "critic.safetensors")
    if (work / "unet.pt").exists():
        weights = pipeline.unet.state_dict()
        halves: list[dict[str, torch.Tensor]] = [{}, {}]
        total = sum(value.numel() for value in weights.values())
        size = 0
        for name, value in weights.items():
            halves[2 * size >= total][name] = value
            size += value.numel()
        for number, half in enumerate(halves, 1):
            _write(half, to / f"unet_{number}.safetensors")
    if sheet:
        paint_sheet(pipeline, to / "sheet.png")
    size = sum(path.stat().st_size for path in to.iterdir())
    print(f"handed over in {to}: {size / 1e6:.1f} MB", flush=True)


def _write(state: dict[str, torch.Tensor], path: Path) -> None:
    partial = path.with_suffix(".partial")
    kept = {name: value.to("cpu", STORED).contiguous() for name, value in state.items()}
    save_file(kept, partial)
    partial.replace(path)
