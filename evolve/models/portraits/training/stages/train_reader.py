"""Trains a network that reads a face's attributes on real art.

Three networks share nothing but this training: two judges of the benchmarks look at pixels, each in
its own way, and the critic looks at latents. The critic helps to train the UNet, and ships as what
`--fitness words` reads with.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from evolve.models.attribute_reader import AttributeReader
from evolve.models.portraits.training.faces.attributes import labels, visible
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.faces.drawn_parts import Parts
from evolve.models.portraits.training.learning.checkpoint import Progress, keep, load, take_up
from evolve.models.portraits.training.learning.course import Course
from evolve.models.portraits.training.learning.losses import attribute_loss
from evolve.models.portraits.training.learning.optimiser import Optimiser
from evolve.models.portraits.training.learning.parallel import Figures, Gradients, Part

SMOOTHING = 0.02


def train_reader(
    reader: AttributeReader,
    faces: Faces,
    inputs: Callable[[npt.NDArray[np.int64], torch.Generator], torch.Tensor],
    path: Path,
    epochs: float,
    batch: int = 64,
    rate: float = 1e-3,
    seed: int = 1,
    device: str = "cpu",
    minutes: float | None = None,
) -> None:
    """Trains `reader` up to `epochs` or for `minutes`, going on from `path`.

    `inputs` makes what the reader sees of faces, varied at random. Besides the attributes, a head
    that is not kept with the reader asks for the drawn parts (`Parts`).
    """
    targets = torch.tensor([labels(visible(record)) for record in faces.records]).to(device)
    torch.manual_seed(seed)
    parts = Parts(faces)
    drawings_of = parts.targets.to(device)
    drawn = nn.Linear(reader.width, sum(parts.sizes))
    both = nn.ModuleDict({"reader": reader, "drawn": drawn})
    both.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    outer = tuple(f"reader.{begun}" for begun in reader.outer)
    optimiser = Optimiser(both, rate, outer=(*outer, "drawn"))
    each = len(faces.training) // batch
    if (state := load(path)) is not None:
        take_up(state, both, optimiser)
    gradients, progress = Gradients(both.parameters(), device=device), Progress(path.stem, 100)

    heads = (reader.head, targets, reader.sizes), (drawn, drawings_of, parts.sizes)

    def part(indices: npt.NDArray[np.int64], key: int) -> Part:
        def compute() -> tuple[torch.Tensor, Figures]:
            values = inputs(indices, torch.Generator(device).manual_seed(key))
            return _loss(
                reader.features(values.to(memory_format=torch.channels_last)), heads, indices
            )

        return compute

    course = Course(round(epochs * each), minutes, state)
    while not course.over:
        step = course.step
        shuffled = np.random.default_rng([seed, step // each]).permutation(faces.training)
        chosen = shuffled[step % each * batch :][:batch]
        halves = np.array_split(chosen, gradients.workers)
        figures = gradients.compute([part(half, 2 * step + k) for k, half in enumerate(halves)])
        torch.nn.utils.clip_grad_norm_(both.parameters(), 1.0)
        falling = 0.5 + 0.5 * math.cos(math.pi * course.done)
        optimiser.step(rate * min((step + 1) / 100, 1.0) * max(0.02, falling))
        course.count()
        progress.report(course.step, **figures)
        if course.step % 100 == 0 or course.over:
            keep(path, course.state, both, optimiser)


def _loss(
    features: torch.Tensor,
    heads: tuple[tuple[nn.Module, torch.Tensor, list[int]], ...],
    indices: npt.NDArray[np.int64],
) -> tuple[torch.Tensor, Figures]:
    """What is lost on faces by the heads for attributes and for parts, and how often each is right.

    Of a head: itself, what is true of every face, and how many values there are of each.
    """
    (seen, right), (of_parts, known) = (
        attribute_loss(head(features).float(), truth[indices], sizes, smoothing=SMOOTHING)
        for head, truth, sizes in heads
    )
    return seen + of_parts, {"attributes": right, "parts": known}
