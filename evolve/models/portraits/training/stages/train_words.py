"""Trains the text tower alone to read every attribute that a caption states.

Words are cheap to read, pictures are not: after the joint stage this brings the text tower, which
conditions the UNet, to where it understands captions; the vision tower follows in `vision`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.learning.checkpoint import Progress, load, save
from evolve.models.portraits.training.learning.losses import attribute_loss
from evolve.models.portraits.training.learning.parallel import Figures, Gradients, Part
from evolve.models.portraits.training.networks import build_clip, text_states
from evolve.models.portraits.training.stages.train_clip import Heads
from evolve.models.portraits.training.words.pairs import Pairs
from evolve.models.portraits.training.words.tokenizer import read_tokenizer


def train_words(
    work: Path, steps: int = 500, batch: int = 256, rate: float = 1e-3, seed: int = 1
) -> None:
    """Goes on from `work/words.pt` (at first from `work/clip.pt`) up to `steps`."""
    faces, tokenizer = Faces(work / "data"), read_tokenizer(work / "tokenizer")
    pairs = Pairs(faces, tokenizer, seed)
    torch.manual_seed(seed)
    clip, heads = build_clip(tokenizer), Heads()
    path = work / "words.pt"
    state = load(path)
    if (begun := state or load(work / "clip.pt")) is not None:
        clip.load_state_dict(begun["model"])
        heads.load_state_dict(begun["heads"])
    trained = [*clip.text_model.parameters(), *heads.text.parameters()]
    optimiser = torch.optim.AdamW(trained, rate, betas=(0.9, 0.98), weight_decay=0.02)
    start = 0
    if state is not None:
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]
    progress, gradients = Progress("words"), Gradients(trained)

    def part(indices: npt.NDArray[np.int64], step: int) -> Part:
        def compute() -> tuple[torch.Tensor, Figures]:
            texts, stated = pairs.captions(indices, step)
            pooled = text_states(clip, pairs.tokens(texts))[1]
            loss, right = attribute_loss(heads.text(pooled).float(), stated)
            return loss, {"loss": loss.item(), "right": right}

        return compute

    for step in range(start, steps):
        chosen = np.random.default_rng([seed, step]).choice(faces.training, batch, replace=False)
        for group in optimiser.param_groups:
            group["lr"] = rate * min((step + 1) / 50, 1.0) * max(1 - step / steps, 0.03)
        halves = np.array_split(chosen, 2)
        figures = gradients.compute([part(half, 2 * step + k) for k, half in enumerate(halves)])
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        progress.report(step + 1, **figures)
    kept = {"model": clip.state_dict(), "heads": heads.state_dict()}
    save(path, {**kept, "optimiser": optimiser.state_dict(), "step": steps})
