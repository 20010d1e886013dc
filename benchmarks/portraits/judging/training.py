"""How a judge is trained: its network, then its experts."""

from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from benchmarks.portraits.judging.experts import Experts
from benchmarks.scripting.command_line import parser_of
from evolve.models.portraits.training.faces.attributes import CLASSES, visible
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.stages.train_reader import train_reader

Augmented = Callable[[torch.Tensor, torch.Generator], torch.Tensor]


def train_judge(
    judge: Experts,
    augmented: Augmented,
    file: Path,
    work: Path,
    *,
    epochs: float,
    minutes: float | None = None,
    batch: int = 64,
    rate: float = 1e-3,
    each: int = 4000,
    seed: int = 1,
) -> None:
    """Train, going on from `work/FILE.pt`, fit the experts, and write the weights to `file`.

    With 0 epochs the network stays that of `file` and the experts alone are fitted.
    """
    if epochs:
        faces = Faces(work / "data")

        def inputs(indices: npt.NDArray[np.int64], draw: torch.Generator) -> torch.Tensor:
            return augmented(faces.images(indices), draw)

        path = work / file.with_suffix(".pt").name
        train_reader(judge, faces, inputs, path, epochs, batch, rate, seed, minutes=minutes)
        judge.save(file)
    judge.load(file)
    judge.fit(work, each, seed)
    judge.save(file)
    judge.load(file)
    faces = Faces(work / "data")
    for attribute, (share, count) in accuracy(judge, faces, faces.held_out.tolist()).items():
        print(f"{attribute:<16}{share:8.1%}{count:8d}", flush=True)


def arguments(docstring: str | None, epochs: float, rate: float, seed: int) -> ArgumentParser:
    """What the command line of a judge's training takes, with its defaults."""
    parser = parser_of(docstring)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=epochs, help="0: fit the experts alone")
    parser.add_argument("--minutes", type=float, help="train for so long instead")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--each", type=int, default=4000, help="faces of a style for its expert")
    parser.add_argument("--seed", type=int, default=seed)
    return parser


def accuracy(judge: Experts, faces: Faces, indices: Sequence[int]) -> dict[str, tuple[float, int]]:
    """Share of right answers and their number, for every attribute that can be seen."""
    right = {a: [0, 0] for a in CLASSES}
    answers = judge.read(np.asarray(faces.pixels[np.asarray(indices)]))
    for index, answer in zip(indices, answers, strict=True):
        for attribute, value in visible(faces.records[index]).items():
            right[attribute][0] += answer[attribute] == value
            right[attribute][1] += 1
    return {a: (hits / max(count, 1), count) for a, (hits, count) in right.items()}
