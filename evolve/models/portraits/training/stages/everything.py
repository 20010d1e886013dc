"""All stages one after the other, in a time that was given: for a machine that is lent for minutes.

The autoencoder and the words stay as they ship, so that latents keep their meaning; the critic and
the UNet go on from what ships. The UNet is handed over whenever it is saved, so that a machine
taken back early has not worked for nothing. (The decoder, in the minute that was left for it, only
became worse: it needs longer, as a stage of its own.)
"""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from evolve.models.portraits.training.faces.drawings import unpack
from evolve.models.portraits.training.learning.checkpoint import load
from evolve.models.portraits.training.learning.course import BATCHES
from evolve.models.portraits.training.stages.critic import train_critic
from evolve.models.portraits.training.stages.hand_over import hand_over
from evolve.models.portraits.training.stages.latents import cache_latents
from evolve.models.portraits.training.stages.train_unet import train_unet
from evolve.models.portraits.training.words.drawn_captions import FILE, draw_captions

CRITIC, ENDS = 0.05, 0.035
"""Shares of the time for the critic and for handing over; the UNet has the rest."""
RATE = 1.1e-3
"""Of the UNet, until it falls."""


def everything(
    work: Path,
    bundle: Path,
    to: Path,
    minutes: float,
    *,
    device: str = "cpu",
    count: int | None = None,
    batch: int | None = None,
    seed: int = 1,
) -> None:
    """Train in about `minutes` from now on, and hand over; called again, goes on.

    Args:
        work: Folder for data and checkpoints.
        bundle: What `drawings.pack` has written.
        to: Gets what `adopt` takes in.
        minutes: For everything, what is composed and written included.
        device: The torch device.
        count: Faces; all of the bundle if not given.
        batch: Faces of a step of every stage; as is good for a GPU if not given.
        seed: What is drawn at random is drawn from it.
    """
    begun = time.monotonic()

    def left(kept: float) -> float:
        """Minutes that are left, less a share of all."""
        return max(0.0, minutes * (1 - kept) - (time.monotonic() - begun) / 60)

    def note(stage: str) -> None:
        print(f"[{time.monotonic() - begun:5.0f} s] {stage}", flush=True)

    def size(stage: str) -> int:
        return batch or BATCHES[stage]

    note("faces")
    unpack(bundle, work / "data", count)
    if not (work / FILE).exists():
        note("captions")
        draw_captions(work, seed=seed)
    note("latents")
    cache_latents(work, device, size("latents"))
    note("critic")
    given = CRITIC * minutes
    train_critic(work, 0, seed, size("critic"), device, given, shipped=True)
    note("unet")
    before = load(work / "unet.pt") or {}
    given = left(ENDS) + before.get("spent", 0.0) / 60
    saved = partial(hand_over, work, to, sheet=False)
    train_unet(work, 0, size("unet"), RATE, seed, device, given, saved=saved)
    hand_over(work, to)
    note("done")
