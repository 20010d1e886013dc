"""What does a mixed generation cost, against one plain pipeline call per genome?

Paints 16 genomes of the embedded model that differ in prompt, guidance, steps and sampler, in turn

- by fancier's painter with OpenVINO (on a processor, where it is installed),
- by fancier's painter with torch alone,
- by one plain call of the diffusers pipeline per genome, all its parts in one precision: that which
  fancier's denoiser has, and float32 where that is another.

Each starts from prompts in words and ends with pictures; nothing is kept from one repetition to the
next. The first repetition of each is not counted. "processor" is the median time of all threads
together, which other work on the machine disturbs less. "in forwards" is the share of the wall time
spent inside the denoiser; "differ" how far pictures are from the last row's, on the mean, of 255.

    python benchmarks/mixed_batch.py [--repetitions 5] [--threads 2] [--device cpu]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from numpy.typing import NDArray

from evolve import Genome, Prompt, Settings, describe
from evolve.archive import Picture
from evolve.models import openvino
from evolve.models.loading import LoadedModel, best_device, best_dtype, load_model
from evolve.models.pipelines import load_pipeline
from evolve.rendering.painter import Painter
from evolve.rendering.protocol import Finished, Job, RenderEvent
from evolve.rendering.samplers import make_sampler
from evolve.settings import SAMPLERS

PROMPTS = (
    "a smiling woman with red hair",
    "a man with a beard and glasses",
    "an old man with a hat",
    "a woman with black hair and earrings",
)
GUIDANCE = (1.0, 2.5, 4.0, 7.0)
STEPS = (6, 8, 10, 12)


class Clock:
    """Adds up the time inside a module."""

    def __init__(self, module: torch.nn.Module) -> None:
        """Watch `module`."""
        self.seconds, self.calls, self._began = 0.0, 0, 0.0
        module.register_forward_pre_hook(lambda *_: self._start())
        module.register_forward_hook(lambda *_: self._stop())

    def _start(self) -> None:
        self._began = now()

    def _stop(self) -> None:
        self.seconds, self.calls = self.seconds + now() - self._began, self.calls + 1


def now() -> float:
    """Return the time in seconds when all that was asked of a GPU is done."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter()


def population(shape: tuple[int, int, int]) -> list[Genome]:
    """Return 16 genomes: each guidance with each sampler, steps and prompts across."""
    return [
        Genome(
            np.random.default_rng(k).standard_normal(shape).astype(np.float16),
            Prompt.parse(PROMPTS[(k + k // 4) % 4]),
            Settings(
                (1.0, 2.5, 4.0, 7.0)[k // 4], (6, 8, 10, 12)[(k + k // 8) % 4], SAMPLERS[k % 4]
            ),
        )
        for k in range(16)
    ]


def paint(model: LoadedModel, genomes: Sequence[Genome]) -> list[Picture]:
    """Paint genomes by fancier's painter."""
    events: list[RenderEvent] = []
    painter = Painter(model, report=events.append)
    painter.take([Job(i, genome) for i, genome in enumerate(genomes)])
    painter.paint()
    pictures = {event.id: event.picture for event in events if isinstance(event, Finished)}
    return [pictures[i] for i in range(len(genomes))]


def call(pipeline: Any, genomes: Sequence[Genome]) -> list[Picture]:
    """Paint genomes by plain calls of a pipeline."""
    scheduler, pictures = pipeline.scheduler, []
    for genome in genomes:
        pipeline.scheduler = make_sampler(scheduler, genome.settings.sampler)
        noise = torch.from_numpy(genome.noise.copy()).to(pipeline.device, pipeline.unet.dtype)
        image = pipeline(
            genome.prompt.concepts[0].text,
            guidance_scale=genome.settings.guidance_scale,
            num_inference_steps=genome.settings.steps,
            latents=noise[None],
            output_type="np",
        ).images[0]
        pictures.append((image * 255).round().astype(np.uint8))
    pipeline.scheduler = scheduler
    return pictures


def contestants(
    device: str, genomes: Sequence[Genome]
) -> Mapping[str, tuple[Callable[[], list[Picture]], Clock]]:
    """Return what paints the genomes, by name, each with the clock of its denoiser."""
    found: dict[str, tuple[Callable[[], list[Picture]], Clock]] = {}
    names = ["fancier, torch alone"]
    if device == "cpu" and openvino.available():
        names.insert(0, "fancier, OpenVINO")
    for name in names:
        with patch.object(openvino, "available", lambda name=name: "OpenVINO" in name):
            model = load_model("portraits", device=device)
        found[name] = (lambda model=model: paint(model, genomes)), Clock(model.denoiser)
    card = describe("portraits")
    for dtype in dict.fromkeys((best_dtype(device), torch.float32)):
        pipeline = load_pipeline(card, dict.fromkeys(card.parts, dtype)).to(device, dtype)
        pipeline.set_progress_bar_config(disable=True)
        name = f"plain calls, {str(dtype).removeprefix('torch.')}"
        found[name] = (lambda pipeline=pipeline: call(pipeline, genomes)), Clock(pipeline.unet)
    return found


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default=best_device())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)

    genomes = population(describe("portraits").latent)
    ways = contestants(args.device, genomes)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    processor: dict[str, list[float]] = {name: [] for name in ways}
    shares: dict[str, list[float]] = {name: [] for name in ways}
    forwards: dict[str, int] = {}
    pictures: dict[str, NDArray[np.float64]] = {}
    with torch.no_grad():
        for repetition in range(args.repetitions + 1):
            for name, (way, clock) in ways.items():
                inside, calls, began = clock.seconds, clock.calls, now()
                spent = time.process_time()
                pictures[name] = np.stack(way()).astype(float)
                taken = now() - began
                forwards[name] = clock.calls - calls
                if repetition:
                    seconds[name].append(taken)
                    processor[name].append(time.process_time() - spent)
                    shares[name].append((clock.seconds - inside) / taken)

    middle = {name: statistics.median(values) for name, values in seconds.items()}
    plain = min(value for name, value in middle.items() if name.startswith("plain"))
    print(f"portraits, 16 mixed genomes, {args.device}, {args.threads} threads")
    columns = (
        "min s",
        "median s",
        "max s",
        "times",
        "processor s",
        "forwards",
        "in forwards",
        "differ",
    )
    print(f"{'':<24}" + "".join(f"{column:>12}" for column in columns))
    for name, values in seconds.items():
        far = np.abs(pictures[name] - list(pictures.values())[-1]).mean()
        print(
            f"{name:<24}{min(values):12.2f}{middle[name]:12.2f}{max(values):12.2f}"
            f"{plain / middle[name]:12.2f}{statistics.median(processor[name]):13.2f}"
            f"{forwards[name]:12}{statistics.median(shares[name]):12.1%}{far:12.2f}"
        )


if __name__ == "__main__":
    main()
