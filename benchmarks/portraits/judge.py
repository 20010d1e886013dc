"""The independent judge: reads a portrait's attributes, trained on real training art alone.

It has never seen a painted picture nor any part of the embedded model, and the engine does not use
it. Its weights lie beside it (`judge.safetensors`); this trains them anew:

    python -m benchmarks.portraits.judge --work DIR [--epochs 6]

where DIR is the work folder of `evolve.models.portraits.train`, after its stage `data`.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from evolve.models.portraits.attributes import CLASSES, labels, visible
from evolve.models.portraits.checkpoint import load, save
from evolve.models.portraits.dataset import Faces
from evolve.models.portraits.parallel import Gradients, Part
from evolve.models.portraits.parts import Parts
from evolve.models.portraits.train_clip import attribute_loss

WEIGHTS = Path(__file__).with_name("judge.safetensors")
WIDTHS = (64, 112, 160)  # at 32x32, 16x16 and 8x8 places
FEATURES = 64 * 64 + WIDTHS[-1]
SMOOTHING = 0.02


class Judge(nn.Module):
    """A small residual network, (n, 3, 128, 128) in [-1, 1] -> logits of all attributes."""

    def __init__(self) -> None:
        super().__init__()
        stages: list[nn.Module] = [nn.Conv2d(48, WIDTHS[0], 3, padding=1)]
        for before, width in pairwise((*WIDTHS, None)):
            stages += [_Block(before), _Block(before)]
            if width is not None:
                stages.append(nn.Conv2d(before, width, 3, 2, 1))
        self.stages = nn.Sequential(*stages, nn.GroupNorm(8, WIDTHS[-1]))
        # 8x8 places by 64 channels: where a thing is tells what it is (a beard, a hat).
        self.places = nn.Conv2d(WIDTHS[-1], 64, 1)
        self.head = nn.Linear(FEATURES, sum(map(len, CLASSES.values())))

    def features(self, images: torch.Tensor) -> torch.Tensor:
        """(n, FEATURES): what the heads read."""
        # Pixels in blocks of 4x4, each with all it holds: a mouth is but a few lines.
        found = self.stages(functional.pixel_unshuffle(images, 4))
        places = functional.gelu(self.places(found)).flatten(1)
        return torch.cat([places, found.mean((2, 3))], 1)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """(n, classes of all attributes one after the other)."""
        return self.head(self.features(images))

    @torch.no_grad()
    def read(self, pictures: npt.NDArray[np.uint8]) -> list[dict[str, str]]:
        """The value of every attribute of (n, 128, 128, 3) pictures; always one of its values."""
        images = torch.from_numpy(pictures).permute(0, 3, 1, 2).float().div(127.5).sub(1)
        logits = torch.cat([self(part) for part in images.split(64)])
        parts = logits.split([len(values) for values in CLASSES.values()], 1)
        best = {a: p.argmax(1).tolist() for a, p in zip(CLASSES, parts, strict=True)}
        return [{a: CLASSES[a][best[a][k]] for a in CLASSES} for k in range(len(images))]


class _Block(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, width)
        self.one, self.two = (nn.Conv2d(width, width, 3, padding=1) for _ in range(2))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.two(functional.gelu(self.one(self.norm(x))))


def load_judge() -> Judge:
    """The trained judge."""
    judge = Judge()
    judge.load_state_dict({n: t.float() for n, t in load_file(WEIGHTS).items()})
    return judge.eval()


def accuracy(judge: Judge, faces: Faces, indices: Sequence[int]) -> dict[str, tuple[float, int]]:
    """Share of right answers and their number, for every attribute that can be seen."""
    right = {a: [0, 0] for a in CLASSES}
    read = judge.read(np.asarray(faces.pixels[np.asarray(indices)]))
    for index, answer in zip(indices, read, strict=True):
        for attribute, value in visible(faces.records[index]).items():
            right[attribute][0] += answer[attribute] == value
            right[attribute][1] += 1
    return {a: (hits / max(count, 1), count) for a, (hits, count) in right.items()}


def _augmented(images: torch.Tensor, draw: torch.Generator) -> torch.Tensor:
    """Shifted, sometimes softened and brightened: lines may fall and look a little otherwise."""
    shift = torch.randint(-4, 5, (2,), generator=draw).tolist()
    images = torch.roll(images, shift, (2, 3))
    chance, light = torch.rand(2, generator=draw).tolist()
    if chance < 0.4:
        images = functional.avg_pool2d(images, 3, 1, 1, count_include_pad=False)
    return images * (0.94 + 0.12 * light) + 0.03 * torch.randn(images.shape, generator=draw)


def train(work: Path, epochs: int, batch: int = 64, rate: float = 2e-3, seed: int = 1) -> None:
    """Train, going on from `work/judge.pt`; writes the weights, prints how often they are right."""
    faces = Faces(work / "data")
    targets = torch.tensor([labels(visible(record)) for record in faces.records])
    torch.manual_seed(seed)
    judge, parts = Judge().to(memory_format=torch.channels_last), Parts(faces)
    apart = nn.Linear(FEATURES, sum(parts.sizes))
    trained = [*judge.parameters(), *apart.parameters()]
    optimiser = torch.optim.AdamW(trained, rate, weight_decay=0.05)
    gradients = Gradients(trained)
    start, path = 0, work / "judge.pt"
    if (state := load(path)) is not None:
        judge.load_state_dict(state["judge"])
        apart.load_state_dict(state["apart"])
        optimiser.load_state_dict(state["optimiser"])
        start = state["step"]
    steps = epochs * len(faces.training) // batch

    def part(indices: npt.NDArray[np.int64], key: int) -> Part:
        def compute() -> tuple[torch.Tensor, dict[str, float]]:
            draw = torch.Generator().manual_seed(key)
            images = _augmented(faces.images(indices), draw).to(memory_format=torch.channels_last)
            features = judge.features(images)
            logits, drawings = judge.head(features).float(), apart(features).float()
            told, _ = attribute_loss(logits, targets[indices], smoothing=SMOOTHING)
            drawn, _ = attribute_loss(
                drawings, parts.targets[indices], parts.sizes, smoothing=SMOOTHING
            )
            return told + drawn, {"told": told.item(), "drawn": drawn.item()}

        return compute

    order = np.concatenate(
        [np.random.default_rng([seed, e]).permutation(faces.training) for e in range(epochs)]
    )
    for step in range(start, steps):
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / 100)
            group["lr"] = rate * warm * max(0.02, 0.5 + 0.5 * math.cos(math.pi * step / steps))
        chosen = order[step * batch : (step + 1) * batch]
        halves = np.array_split(chosen, 2)
        figures = gradients.compute([part(half, 2 * step + k) for k, half in enumerate(halves)])
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        if (step + 1) % 100 == 0:
            losses = "  ".join(f"{name} {value:.4f}" for name, value in figures.items())
            print(f"judge step {step + 1}/{steps}  {losses}", flush=True)
            kept = {"judge": judge.state_dict(), "apart": apart.state_dict()}
            save(path, {**kept, "optimiser": optimiser.state_dict(), "step": step + 1})
    save_file({n: t.half().contiguous() for n, t in judge.state_dict().items()}, WEIGHTS)
    print_accuracy(judge.eval(), faces)


def print_accuracy(judge: Judge, faces: Faces) -> None:
    """Print a table: how often the judge is right about held-out art."""
    for attribute, (share, count) in accuracy(judge, faces, faces.held_out.tolist()).items():
        print(f"{attribute:<16}{share:8.1%}{count:8d}", flush=True)


def main() -> None:
    """Train the judge."""
    parser = argparse.ArgumentParser(description="Trains the judge of painted portraits.")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=6)
    args = parser.parse_args()
    train(args.work, args.epochs)


if __name__ == "__main__":
    main()
