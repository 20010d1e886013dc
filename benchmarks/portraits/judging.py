"""What the judges of painted portraits have in common: how they read, are trained and are measured.

A judge reads a portrait's attributes. It is trained on real training art alone, has never seen a
painted picture nor any part of the embedded model, and the engine does not use it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file

from evolve.models.attribute_reader import AttributeReader
from evolve.models.portraits.training.faces.attributes import CLASSES, visible
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.stages.train_reader import train_reader

Augmented = Callable[[torch.Tensor, torch.Generator], torch.Tensor]
MOVES = ((2, 0), (-2, 0), (0, 2), (0, -2))


def read(judge: AttributeReader, pictures: npt.NDArray[np.uint8]) -> list[dict[str, str]]:
    """The value of every attribute of (n, 128, 128, 3) pictures."""
    return judge.answers(torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1)


def load_weights(judge: AttributeReader, file: Path) -> None:
    """Take the weights of `file`, and be ready to read."""
    judge.load_state_dict({n: t.float() for n, t in load_file(file).items()})
    judge.eval().requires_grad_(False)


def train_judge(
    judge: AttributeReader,
    augmented: Augmented,
    file: Path,
    work: Path,
    *,
    epochs: float,
    minutes: float | None = None,
    batch: int = 64,
    rate: float = 1e-3,
    seed: int = 1,
) -> None:
    """Train, going on from `work/FILE.pt`; write the weights, print how often they are right."""
    faces = Faces(work / "data")

    def inputs(indices: npt.NDArray[np.int64], draw: torch.Generator) -> torch.Tensor:
        return augmented(faces.images(indices), draw)

    path = work / file.with_suffix(".pt").name
    train_reader(judge, faces, inputs, path, epochs, batch, rate, seed, minutes=minutes)
    save_file({n: t.half().contiguous() for n, t in judge.state_dict().items()}, file)
    held = faces.held_out.tolist()
    for attribute, (share, count) in accuracy(judge.eval(), faces, held).items():
        print(f"{attribute:<16}{share:8.1%}{count:8d}", flush=True)


def accuracy(
    judge: AttributeReader, faces: Faces, indices: Sequence[int]
) -> dict[str, tuple[float, int]]:
    """Share of right answers and their number, for every attribute that can be seen."""
    right = {a: [0, 0] for a in CLASSES}
    answers = read(judge, np.asarray(faces.pixels[np.asarray(indices)]))
    for index, answer in zip(indices, answers, strict=True):
        for attribute, value in visible(faces.records[index]).items():
            right[attribute][0] += answer[attribute] == value
            right[attribute][1] += 1
    return {a: (hits / max(count, 1), count) for a, (hits, count) in right.items()}


def steadiness(
    judge: AttributeReader, pictures: npt.NDArray[np.uint8], seen: Sequence[dict[str, str]]
) -> dict[str, float]:
    """How often a picture moved by two pixels is read as before, for what can be seen."""
    first = read(judge, pictures)
    again = [read(judge, np.roll(pictures, move, (1, 2))) for move in MOVES]
    same: dict[str, list[bool]] = {}
    for k, known in enumerate(seen):
        for attribute in known:
            same.setdefault(attribute, []).extend(
                moved[k][attribute] == first[k][attribute] for moved in again
            )
    return {
        attribute: float(np.mean(same[attribute])) for attribute in CLASSES if attribute in same
    }
