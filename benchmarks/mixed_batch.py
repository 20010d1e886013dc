"""What does a mixed generation cost, against one plain pipeline call per genome?

Paints 16 genomes of the embedded model that differ in prompt, guidance, steps and sampler, in turn

- by fancier's painter with OpenVINO (on a CPU, where it is installed),
- by the same without streams: all threads compute each row together, as in earlier versions,
- by fancier's painter with torch alone,
- by each of these without a look at the pictures ("unseen"), for a plain call does not look either,
- by one plain call of the diffusers pipeline per genome, all its parts in one precision: that which
  fancier's denoiser has, and float32 where that is another.

Each starts from prompts in words and ends with pictures; nothing is kept from one repetition to the
next. The first repetition of each is not counted. "CPU" is the median time of all threads
together, which other work on the machine disturbs less. "denoiser" is the share of the wall time
inside its forwards, "model" that inside all of the model's, text encoder, decoder and the CLIP that
looks at each of fancier's pictures too, "outside" the milliseconds a picture that are left (all
three of the last repetition); "differ" how far pictures are from the last row's, on the mean, of
255. "by CPU" are the times by which less CPU time is used than by the plain calls.

At the end stands what bounds fancier on this CPU: as many rows of the denoiser in full forwards,
and as many decoded pictures, without anything around them.

    python -m benchmarks.mixed_batch [--repetitions 5] [--threads 2] [--device cpu]
"""

import contextlib
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from unittest.mock import patch

import crowds
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.scripting.command_line import parser_of
from evolve import Genome, Prompt, Settings, describe
from evolve.genome.settings import SAMPLERS
from evolve.models.loading import LoadedModel, load_model
from evolve.models.machine import openvino
from evolve.models.machine.devices import best_device, best_dtype
from evolve.models.pipelines import load_pipeline
from evolve.rendering.manner import USUAL
from evolve.rendering.pacing.decoding import Decode
from evolve.rendering.pipeline.samplers import make_sampler
from evolve.rendering.tuning.calibration import measure
from evolve.rendering.tuning.measuring import Stopwatch, now
from evolve.rendering.tuning.suiting import suited
from evolve.scoring.looks.embedders import WholeLook, clip_in
from evolve.session.archive import Picture

PROMPTS = (
    "a smiling woman with red hair",
    "a man with a beard and glasses",
    "an old man with a hat",
    "a woman with black hair and earrings",
)
WITHOUT_STREAMS = "fancier, OpenVINO, together"
GUIDANCE = (1.0, 2.5, 4.0, 7.0)
STEPS = (6, 8, 10, 12)


def population(shape: tuple[int, int, int]) -> list[Genome]:
    """Return 16 genomes: each guidance with each sampler, steps and prompts across."""
    return [
        Genome(
            np.random.default_rng(k).standard_normal(shape).astype(np.float16),
            Prompt.parse(PROMPTS[(k + k // 4) % 4]),
            Settings(GUIDANCE[k // 4], STEPS[(k + k // 8) % 4], SAMPLERS[k % 4]),
        )
        for k in range(16)
    ]


def paint(model: LoadedModel, genomes: Sequence[Genome]) -> list[Picture]:
    """Paint genomes by fancier's painter."""
    return [event.picture for event in crowds.finished(crowds.paint(model, genomes))]


def paint_unseen(model: LoadedModel, genomes: Sequence[Genome]) -> list[Picture]:
    """Paint genomes by fancier's painter, which does not look at the pictures."""
    with patch.object(WholeLook, "record", lambda *_: {}):
        return paint(model, genomes)


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


class Contestant:
    """A way to paint the genomes, and what was measured of it."""

    def __init__(
        self,
        way: Callable[[], list[Picture]],
        pipeline: Any,
        denoiser: torch.nn.Module,
        device: str,
        *looking: torch.nn.Module,
    ):
        """Paint by `way`, which uses these parts, and looks at pictures by others."""
        self.way = way
        self.model: LoadedModel | None = None
        """What fancier paints with."""
        self.denoiser = Stopwatch(denoiser, device)
        self.others = tuple(
            Stopwatch(part, device)
            for part in (pipeline.text_encoder, pipeline.vae.decoder, *looking)
        )
        self.seconds: list[float] = []
        self.cpu: list[float] = []
        self.pictures: NDArray[np.float64]

    def run(self) -> None:
        """Paint once more."""
        watches = (self.denoiser, *self.others)
        for watch in watches:
            watch.seconds.clear()
        with contextlib.ExitStack() as stack:
            for watch in watches:
                stack.enter_context(watch)
            began, spent = time.perf_counter(), time.process_time()
            self.pictures = np.stack(self.way()).astype(float)
            self.seconds.append(time.perf_counter() - began)
            self.cpu.append(time.process_time() - spent)
        inside = sum(self.denoiser.seconds)
        self.share = inside / self.seconds[-1]
        inside += sum(sum(watch.seconds) for watch in self.others)
        self.all = inside / self.seconds[-1]
        self.outside = (self.seconds[-1] - inside) / len(self.pictures) * 1000


def bound(model: LoadedModel, genomes: Sequence[Genome]) -> tuple[float, float]:
    """Return the seconds, and those of CPU time, of the model's forwards alone.

    Args:
        model: The model; its forwards are full.
        genomes: What they are for.
    """
    rows, device = model.rows or 1, model.device
    needed = sum(genome.settings.rows * genome.settings.steps for genome in genomes)
    config: Any = model.denoiser.config
    noise, words = (
        torch.randn((rows, *model.info.latent), device=device, dtype=model.dtype),
        torch.randn((rows, 77, config.cross_attention_dim), device=device, dtype=model.dtype),
    )
    times, latent = torch.full((rows,), 500.0, device=device), noise[:1].float()
    decode = partial(Decode(model.pipeline.vae), half=model.manner.decode_in)
    seconds, cpu = [], []
    for _ in range(3):
        began, spent = now(device), time.process_time()
        for _ in range(math.ceil(needed / rows)):
            model.denoiser(noise, times, words)
        for _ in genomes:
            decode(latent)
        seconds.append(now(device) - began)
        cpu.append(time.process_time() - spent)
    return min(seconds), min(cpu)


def contestants(device: str, genomes: Sequence[Genome]) -> Mapping[str, Contestant]:
    """Return what paints the genomes, by name."""
    found: dict[str, Contestant] = {}
    names = ["fancier, torch alone"]
    if device == "cpu" and openvino.available():
        names = ["fancier, OpenVINO", WITHOUT_STREAMS, *names]
    for name in names:
        with patch.object(openvino, "available", lambda name=name: "OpenVINO" in name):
            model = suited(load_model("portraits", device=device))
            if name == WITHOUT_STREAMS:
                model = model.in_manner(USUAL)
            trial = measure(model)  # here and now, whatever was found before
            model = model.with_rows(trial.rows)
        taken = {rows: round(seconds, 4) for rows, seconds in trial.seconds.items()}
        print(f"{name}: {model.rows} rows, of forwards in s {taken}")
        looking = clip_in(describe("portraits").clip, device)._loaded().model.vision_model
        for way, called in ((paint, name), (paint_unseen, f"{name}, unseen")):
            found[called] = Contestant(
                partial(way, model, genomes),
                model.pipeline,
                model.denoiser,
                device,
                looking,
            )
        found[name].model = model
    card = describe("portraits")
    for dtype in dict.fromkeys((best_dtype(device), torch.float32)):
        pipeline = load_pipeline(card, dict.fromkeys(card.parts, dtype)).to(device, dtype)
        pipeline.set_progress_bar_config(disable=True)
        name = f"plain calls, {str(dtype).removeprefix('torch.')}"
        found[name] = Contestant(partial(call, pipeline, genomes), pipeline, pipeline.unet, device)
    return found


def main() -> None:
    """Measure and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default=best_device())
    args = parser.parse_args()
    torch.set_num_threads(args.threads)

    genomes = population(describe("portraits").latent)
    print(f"portraits, 16 mixed genomes, {args.device}, {args.threads} threads")
    ways = contestants(args.device, genomes)
    with torch.no_grad():
        for repetition in range(args.repetitions + 1):
            for way in ways.values():
                way.run()
                if not repetition:
                    way.seconds.clear()
                    way.cpu.clear()

    middle = {name: statistics.median(way.seconds) for name, way in ways.items()}
    plain = min(value for name, value in middle.items() if name.startswith("plain"))
    spent = {name: statistics.median(way.cpu) for name, way in ways.items()}
    plainly = min(value for name, value in spent.items() if name.startswith("plain"))
    exact = list(ways.values())[-1].pictures
    columns = (
        "min s",
        "median s",
        "max s",
        "times",
        "CPU s",
        "by CPU",
        "forwards",
        "denoiser",
        "model",
        "outside ms",
        "differ",
    )
    print(f"{'':<36}" + "".join(f"{column:>{max(12, len(column) + 1)}}" for column in columns))
    for name, way in ways.items():
        print(
            f"{name:<36}{min(way.seconds):12.2f}{middle[name]:12.2f}{max(way.seconds):12.2f}"
            f"{plain / middle[name]:12.2f}{spent[name]:12.2f}{plainly / spent[name]:13.2f}"
            f"{len(way.denoiser.seconds):12}{way.share:12.1%}{way.all:12.1%}{way.outside:12.1f}"
            f"{np.abs(way.pictures - exact).mean():12.2f}"
        )
    for name, way in ways.items():
        if way.model is not None:
            with torch.no_grad():
                least, used = bound(way.model, genomes)
            print(
                f"bound of {name}: {least:.2f} s ({plain / least:.2f} times), "
                f"{used:.2f} s of CPU ({plainly / used:.2f} times)"
            )


if __name__ == "__main__":
    main()
