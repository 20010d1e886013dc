"""The independent judge: reads a portrait's attributes, trained on real training art alone.

It has never seen a painted picture nor any part of the embedded model, and the engine does not use
it. Its weights lie beside it (`judge.safetensors`); this trains them anew:

    python -m benchmarks.portraits.judge --work DIR [--epochs 8] [--seed 1]

where DIR is the work folder of `evolve.models.portraits.training.train`, after its stage `data`.
Without `--work` it is measured: how often it is right about the held-out art of the benchmarks, and
how often it says the same of the same picture moved by two pixels.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional

from benchmarks.portraits.held_out import held_out, pictures
from evolve.models.attribute_reader import Reader
from evolve.models.portraits.training.faces.attributes import CLASSES, visible
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.stages.train_reader import train_reader

WEIGHTS = Path(__file__).with_name("judge.safetensors")
FINE = 32
WIDTHS = (64, 112, 160)  # at 32x32, 16x16 and 8x8 places


class Judge(Reader):
    """Reads (n, 3, 128, 128) pictures in [-1, 1]."""

    def __init__(self) -> None:
        super().__init__(48 + FINE, 32, WIDTHS, CLASSES)
        self.fine = nn.Sequential(
            nn.Conv2d(12, FINE, 3, padding=1),
            nn.GELU(),
            nn.Conv2d(FINE, FINE, 3, padding=1),
            nn.GELU(),
            nn.Conv2d(FINE, FINE, 3, 2, 1),
        )

    def features(self, values: torch.Tensor) -> torch.Tensor:
        """(n, `width`): what the heads read."""
        # Pixels in blocks of 4x4, each with all it holds: a mouth is but a few lines. Which way
        # a line bends shows at twice that resolution.
        blocks = functional.pixel_unshuffle(values, 4)
        fine = self.fine(functional.pixel_unshuffle(values, 2))
        return super().features(torch.cat([blocks, fine], 1))

    def read(self, pictures: npt.NDArray[np.uint8]) -> list[dict[str, str]]:
        """The value of every attribute of (n, 128, 128, 3) pictures."""
        return self.answers(torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1)


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


def train(work: Path, epochs: int, seed: int) -> None:
    """Train, going on from `work/judge.pt`; writes the weights, prints how often they are right."""
    faces, judge = Faces(work / "data"), Judge()

    def inputs(indices: npt.NDArray[np.int64], draw: torch.Generator) -> torch.Tensor:
        return _augmented(faces.images(indices), draw)

    train_reader(judge, faces, inputs, work / "judge.pt", epochs, seed=seed)
    save_file({n: t.half().contiguous() for n, t in judge.state_dict().items()}, WEIGHTS)
    print_accuracy(judge.eval(), faces)


def print_accuracy(judge: Judge, faces: Faces) -> None:
    """Print a table: how often the judge is right about held-out art."""
    for attribute, (share, count) in accuracy(judge, faces, faces.held_out.tolist()).items():
        print(f"{attribute:<16}{share:8.1%}{count:8d}", flush=True)


def measure(judge: Judge) -> None:
    """Print a table: how often the judge is right, and how often it sticks to what it said."""
    faces, images = held_out()[: len(pictures())], pictures()
    read = judge.read(images)
    moves = ((2, 0), (-2, 0), (0, 2), (0, -2))
    again = [judge.read(np.roll(images, move, (1, 2))) for move in moves]
    print(f"{'attribute':<16}{'right':>8}{'of':>6}{'same, moved':>14}")
    for attribute in CLASSES:
        seen = [k for k, face in enumerate(faces) if attribute in face.seen]
        right = np.mean([read[k][attribute] == faces[k].seen[attribute] for k in seen])
        same = np.mean([one[k][attribute] == read[k][attribute] for one in again for k in seen])
        print(f"{attribute:<16}{right:8.1%}{len(seen):6d}{same:14.1%}")


def main() -> None:
    """Train or measure the judge."""
    parser = argparse.ArgumentParser(
        description="Trains, or measures, the judge of painted portraits."
    )
    parser.add_argument("--work", type=Path)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    if args.work is None:
        measure(load_judge())
        return
    train(args.work, args.epochs, args.seed)


if __name__ == "__main__":
    main()
