"""Takes weights that were trained elsewhere into a work folder, as if its stages had made them.

A folder of such weights holds, as safetensors, any of

- `vae`: an autoencoder of standardised latents,
- `unet`, or its halves `unet_1`, `unet_2`: the average of the UNet,
- `critic`: the reader and its head for drawn parts.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file

from evolve.models.portraits.training.learning.checkpoint import save
from evolve.models.portraits.training.networks import build_unet, build_vae
from evolve.models.portraits.training.stages.critic import build_critic


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
        state = found["critic"]
        alone = {n.removeprefix("reader."): v for n, v in state.items() if n.startswith("reader.")}
        build_critic().load_state_dict(alone)
        save(work / "critic.pt", {"model": state})
    print(f"adopted {', '.join(found)} of {weights}", flush=True)


def _read(weights: Path, name: str) -> dict[str, torch.Tensor]:
    """The state of one network in float32, joined from its files; empty without any."""
    state: dict[str, torch.Tensor] = {}
    for path in sorted([*weights.glob(f"{name}.safetensors"), *weights.glob(f"{name}_[0-9]*")]):
        state |= {n: value.float() for n, value in load_file(path).items()}
    return state
