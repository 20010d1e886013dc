"""Weights from one machine to another: handed over there, adopted here as if stages had made them.

A folder of such weights holds, as safetensors, any of

- `vae`: an autoencoder of standardised latents,
- `unet`, or its halves `unet_1`, `unet_2`: the average of the UNet,
- `critic`: the reader and its head for drawn parts.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from evolve.models.portraits.training.assembling import STORED, assemble
from evolve.models.portraits.training.learning.checkpoint import load, save
from evolve.models.portraits.training.networks import build_unet, build_vae
from evolve.models.portraits.training.sheets import paint_sheet
from evolve.models.portraits.training.stages.critic import critic_of


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


def adopt(work: Path, weights: Path) -> None:
    """Writes `vae_frozen/`, `unet.pt` and `critic.pt` of `work` from the folder `weights`.

    Raises:
        FileNotFoundError: The folder holds none of these weights.
        RuntimeError: Weights do not fit the network that they are of.
    """
    read = {name: _read(weights, name) for name in ("vae", "unet", "critic")}
    found = {name: state for name, state in read.items() if state}
    if not found:
        raise FileNotFoundError(f"no vae, unet or critic as safetensors in {weights}")
    if "vae" in found:
        vae = build_vae()
        vae.load_state_dict(found["vae"])
        vae.register_to_config(scaling_factor=1.0)
        vae.save_pretrained(work / "vae_frozen")
        # What was refined or read from another autoencoder does not fit this one.
        for stale in ("decoder.pt", "latents.f16"):
            (work / stale).unlink(missing_ok=True)
    if "unet" in found:
        state = found["unet"]
        build_unet().load_state_dict(state)
        save(work / "unet.pt", {"model": state, "average": state, "step": 0})
    if "critic" in found:
        critic_of(found["critic"])
        save(work / "critic.pt", {"model": found["critic"]})
    print(f"adopted {', '.join(found)} of {weights}", flush=True)


def _read(weights: Path, name: str) -> dict[str, torch.Tensor]:
    """The state of one network in float32, joined from its files; empty without any."""
    state: dict[str, torch.Tensor] = {}
    for path in sorted([*weights.glob(f"{name}.safetensors"), *weights.glob(f"{name}_[0-9]*")]):
        state |= {n: value.float() for n, value in load_file(path).items()}
    return state
