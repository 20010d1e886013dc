"""Trains the CLIP: a text tower that also conditions the UNet, and a vision tower that judges.

The contrastive loss has hard negatives: each picture is also held against its caption with one
thing made wrong (NegCLIP, Yuksekgonul et al. 2023, https://arxiv.org/abs/2210.01936). Besides,
linear heads ask both towers for every attribute (the text tower only for those the caption states)
and the vision tower for the drawn parts; they teach fine differences quickly and are not exported.
With `vision_only` the text tower stays as it is, so that a UNet trained on it stays valid; only its
projection goes on. The vision tower then learns from the critic as well.
"""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from transformers import CLIPModel, CLIPTokenizer

from evolve.models.portraits.training.faces.attributes import visible
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.faces.drawn_parts import Parts
from evolve.models.portraits.training.faces.views import frames, roughened, seen_through
from evolve.models.portraits.training.frozen import frozen_clip
from evolve.models.portraits.training.learning.checkpoint import Progress, load, save
from evolve.models.portraits.training.learning.losses import SIZES, attribute_loss
from evolve.models.portraits.training.learning.optimiser import Optimiser
from evolve.models.portraits.training.learning.parallel import Figures, Gradients, Part
from evolve.models.portraits.training.networks import WIDTH, build_clip, text_states
from evolve.models.portraits.training.stages.imitation import Imitation
from evolve.models.portraits.training.whitening import whiten
from evolve.models.portraits.training.words.captions import caption
from evolve.models.portraits.training.words.pairs import Pairs
from evolve.models.portraits.training.words.tokenizer import fit_tokenizer, read_tokenizer

HUNDREDS = 4
"""Times a hundred held-out pictures, among which each caption is looked for."""
OUTER = ("clip.text_model.embeddings", "clip.vision_model.embeddings", "heads", "drawn", "says")


class Heads(nn.Module):
    """One linear classifier per attribute and tower."""

    def __init__(self) -> None:
        super().__init__()
        self.text = nn.Linear(WIDTH, sum(SIZES))
        self.vision = nn.Linear(WIDTH, sum(SIZES))


@torch.no_grad()
def hundred_way(clip: CLIPModel, pairs: Pairs) -> tuple[float, float]:
    """Share of held-out pictures whose caption wins among 100, and of captions their picture."""
    clip.eval()
    by_picture = by_text = 0.0
    for k in range(HUNDREDS):
        chosen = pairs.faces.held_out[100 * k : 100 * (k + 1)]
        images, ids, _, _ = pairs.batch(chosen, -1 - k)
        logits = clip(input_ids=ids, pixel_values=images).logits_per_image
        target = torch.arange(len(chosen))
        by_picture += float((logits.argmax(1) == target).float().mean()) / HUNDREDS
        by_text += float((logits.argmax(0) == target).float().mean()) / HUNDREDS
    clip.train()
    return by_picture, by_text


class Towers(nn.Module):
    """Both towers, and beside them what is trained with them and not exported."""

    def __init__(
        self, work: Path, faces: Faces, tokenizer: CLIPTokenizer, vision_only: bool
    ) -> None:
        super().__init__()
        self.clip, self.heads, self.parts = build_clip(tokenizer), Heads(), Parts(faces)
        self.drawn = nn.Linear(WIDTH, sum(self.parts.sizes))
        self.imitation = Imitation(work) if vision_only else None
        if self.imitation is not None:
            self.says = self.imitation.says
            self.clip.text_model.requires_grad_(False)
            self.clip.vision_model.embeddings.patch_embedding.requires_grad_(False)

    @property
    def kept(self) -> dict[str, nn.Module]:
        """What a checkpoint holds of them, by name."""
        kept = {"model": self.clip, "heads": self.heads, "drawn": self.drawn}
        return kept if self.imitation is None else {**kept, "says": self.says}

    def begin(self, work: Path, faces: Faces) -> None:
        """Take the words from the text tower as it is, and whiten what the vision tower sees."""
        whiten(self.clip, faces)
        begun = frozen_clip(work)[0].state_dict()
        text = {
            name: values for name, values in begun.items() if not name.startswith("vision_model")
        }
        self.clip.load_state_dict(text, strict=False)

    def loss(
        self, pairs: Pairs, indices: npt.NDArray[np.int64], step: int, draw: torch.Generator
    ) -> tuple[torch.Tensor, Figures]:
        """What is lost on some faces at a step, and figures to report."""
        clip, heads, imitation = self.clip, self.heads, self.imitation
        images, ids, seen, stated = pairs.batch(indices, step)
        maps = frames(len(images), images.shape[-1], draw)
        images = roughened(seen_through(images, maps), draw)
        text = text_states(clip, ids)[1]
        tower = clip.vision_model(pixel_values=images, output_hidden_states=imitation is not None)
        picture = tower.pooler_output
        text_loss, _ = attribute_loss(heads.text(text).float(), stated)
        picture_loss, picture_right = attribute_loss(heads.vision(picture).float(), seen)
        drawn_loss, drawn_right = attribute_loss(
            self.drawn(picture).float(), self.parts.targets[indices], self.parts.sizes
        )
        wrong = text_states(clip, pairs.wrong(indices, step))[1]
        contrast = _contrast(clip, torch.cat([text, wrong]), picture)
        figures: Figures = {"contrast": contrast.item()}
        figures |= {"picture": picture_right, "drawn": drawn_right}
        loss = contrast + text_loss + picture_loss + drawn_loss
        if imitation is not None:
            # Before the last layer, which gathers what the patches found.
            unlike = imitation.loss(tower.hidden_states[-2][:, 1:], indices, maps)
            loss, figures["unlike"] = loss + unlike, unlike.item()
        return loss, figures


def _contrast(clip: CLIPModel, texts: torch.Tensor, pictures: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy of pictures among texts, and of their own texts among the pictures."""
    texts = functional.normalize(clip.text_projection(texts).float(), dim=-1)
    pictures = functional.normalize(clip.visual_projection(pictures).float(), dim=-1)
    similarity = clip.logit_scale.exp().clamp(max=100) * pictures @ texts.T
    target = torch.arange(len(pictures))
    right = similarity[:, : len(pictures)]
    forth = functional.cross_entropy(similarity, target)
    return (forth + functional.cross_entropy(right.T, target)) / 2


def train_clip(
    work: Path,
    steps: int = 320,
    batch: int = 128,
    rate: float = 1e-3,
    seed: int = 1,
    vision_only: bool = False,
) -> None:
    """Goes on from `work/clip.pt` (`work/vision.pt` with `vision_only`) up to `steps`."""
    faces = Faces(work / "data")
    tokenizer = _tokenizer(work / "tokenizer", faces, seed)
    pairs = Pairs(faces, tokenizer, seed)
    torch.manual_seed(seed)
    towers = Towers(work, faces, tokenizer, vision_only)
    path = work / ("vision.pt" if vision_only else "clip.pt")
    trained = [p for p in towers.parameters() if p.requires_grad]
    optimiser, start = Optimiser(towers, rate, OUTER), 0
    if (state := load(path)) is not None:
        for name, module in towers.kept.items():
            module.load_state_dict(state[name])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]
    elif vision_only:
        towers.begin(work, faces)
    progress, gradients = Progress("clip", 10), Gradients(trained)

    def part(indices: npt.NDArray[np.int64], step: int) -> Part:
        draw = torch.Generator().manual_seed((seed << 40) + step)
        return lambda: towers.loss(pairs, indices, step, draw)

    for step in range(start, steps):
        rng_step = np.random.default_rng([seed, step])
        chosen = rng_step.choice(faces.training, batch, replace=False)
        halves = (chosen[: batch // 2], chosen[batch // 2 :])
        figures = gradients.compute([part(half, 2 * step + k) for k, half in enumerate(halves)])
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step(rate * min((step + 1) / 60, 1.0) * max(1 - step / steps, 0.03))
        progress.report(step + 1, **figures)
        if (step + 1) % 100 == 0 or step + 1 == steps:
            a, b = hundred_way(towers.clip, pairs)
            right = f"held-out of 100: caption {a:.2f} picture {b:.2f}"
            print(f"clip step {step + 1}  {right}", flush=True)
            kept = {name: module.state_dict() for name, module in towers.kept.items()}
            save(path, {**kept, "optimiser": optimiser.state_dict(), "step": step + 1})


def _tokenizer(folder: Path, faces: Faces, seed: int) -> CLIPTokenizer:
    """The tokenizer in a folder, fitted to captions of faces if there is none yet."""
    if not (folder / "vocab.json").exists():
        rng = random.Random(seed)
        chosen = faces.training[:20000]
        fit_tokenizer([caption(rng, visible(faces.records[i]))[0] for i in chosen], folder)
    return read_tokenizer(folder)
