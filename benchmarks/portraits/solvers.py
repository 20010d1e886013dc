"""How near do few steps of a sampler come to the picture that many steps lead to?

Held-out prompts are painted from the same noises by each sampler, with each shift of the noise
levels (1: even steps; above 1 more of them where most is noise) and each number of steps. The
distance is the root mean square over the values of a latent, relative to the deviation of latents,
to what 100 steps of UniPC come to. "draft" is how far the picture as predicted half way is from
the one that the same steps end with: what a draft tells of the picture that it becomes. "no
colour" is the share of pictures whose background is none of those that real art has, as where
several are mixed to grey; of the art itself, that with something else in its corner.

    python -m benchmarks.portraits.solvers [--prompts 48] [--steps 4 6 8 16] [--shifts 1 2 3 4]
"""

import itertools
from typing import Any, NamedTuple

import numpy as np
import torch
from diffusers import DPMSolverMultistepScheduler, StableDiffusionPipeline, UniPCMultistepScheduler

from benchmarks.portraits.held_out import held_out, pictures
from benchmarks.portraits.judging.backgrounds import mixed
from benchmarks.portraits.painting import SHIPPED
from benchmarks.scripting.command_line import parser_of
from evolve import describe
from evolve.genome import noise

SAMPLERS = {
    "euler": (DPMSolverMultistepScheduler, 1),
    "dpm++": (DPMSolverMultistepScheduler, 2),
    "unipc": (UniPCMultistepScheduler, 2),
}
"""Solvers of the flow with their order; the first-order one is Euler's method."""
MANY, MANY_SHIFT = 100, 3.0
SEED = 3
"""Of prompts and noises; the sampler that ships was chosen with another."""
ROWS = 32


class Painted(NamedTuple):
    """Latents at the end, and as they are predicted half way."""

    end: torch.Tensor
    half: torch.Tensor


class Painter:
    """Paints some prompts with any sampler, each from its own noise."""

    def __init__(self, count: int) -> None:
        """Load the model and encode the prompts."""
        card, every = describe(SHIPPED), held_out()
        pipeline = StableDiffusionPipeline.from_pretrained(card.folder, torch_dtype=torch.float32)
        self._unet, self._vae, self._scheduler = pipeline.unet, pipeline.vae, pipeline.scheduler
        self._guidance = card.settings.guidance_scale
        chosen = np.random.default_rng(SEED).permutation(len(every))[:count].tolist()
        self._words, self._nothing = pipeline.encode_prompt(
            [every[k].prompt for k in chosen], "cpu", 1, True, [""] * count
        )
        drawn = [noise.draw(noise.stream(SEED, k, "solvers"), card.latent) for k in chosen]
        self._noise = torch.from_numpy(np.stack(drawn).astype(np.float32))

    def paint(self, sampler: str, shift: float, steps: int) -> Painted:
        """Paint all prompts."""
        kind, order = SAMPLERS[sampler]
        solver: Any = kind.from_config(
            self._scheduler.config, solver_order=order, solver_type="bh2", flow_shift=shift
        )
        solver.set_timesteps(steps)
        sample = half = self._noise
        for step, level in enumerate(solver.timesteps):
            flow = self._flow(sample, level)
            if step == steps // 2 - 1:
                half = sample - solver.sigmas[step] * flow
            sample = solver.step(flow, level, sample).prev_sample
        return Painted(sample, half)

    def decoded(self, latents: torch.Tensor) -> np.ndarray:
        """Return pictures, (n, height, width, 3) from 0 to 255."""
        shown = torch.cat([self._vae.decode(part).sample for part in latents.split(ROWS)])
        found: np.ndarray = (shown.permute(0, 2, 3, 1).clamp(-1, 1).numpy() + 1) * 127.5
        return found

    def _flow(self, sample: torch.Tensor, level: torch.Tensor) -> torch.Tensor:
        """Return the flow that the model predicts, with guidance."""
        parts = (part.split(ROWS) for part in (sample, self._nothing, self._words))
        flows = []
        for rows, nothing, words in zip(*parts, strict=True):
            both = self._unet(rows.repeat(2, 1, 1, 1), level, torch.cat([nothing, words])).sample
            without, with_words = both.chunk(2)
            flows.append(without + self._guidance * (with_words - without))
        return torch.cat(flows)


def apart(ones: torch.Tensor, others: torch.Tensor) -> np.ndarray:
    """Return how far each latent is from its other, (n,), relative to the deviation of latents."""
    distance = (ones - others).square().mean((1, 2, 3)).sqrt() / others.std()
    return distance.numpy()


@torch.no_grad()
def main() -> None:
    """Paint and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--prompts", type=int, default=48)
    parser.add_argument("--steps", type=int, nargs="+", default=[4, 6, 8, 16])
    parser.add_argument("--shifts", type=float, nargs="+", default=[1.0, 2.0, 3.0, 4.0])
    args = parser.parse_args()
    painter = Painter(args.prompts)
    many = painter.paint("unipc", MANY_SHIFT, MANY).end
    heads = ("steps", "shift", "mean", "median", "90 %", "draft", "no colour")
    print(f"{'sampler':<9}" + "".join(f"{head:>10}" for head in heads))
    print(f"{'real art':<69}{mixed(pictures()):10.0%}")
    share = mixed(painter.decoded(many))
    print(f"{'unipc':<9}{MANY:10}{MANY_SHIFT:10.1f}{'':40}{share:10.0%}", flush=True)
    for steps, sampler, shift in itertools.product(args.steps, SAMPLERS, args.shifts):
        painted = painter.paint(sampler, shift, steps)
        far, draft = apart(painted.end, many), apart(painted.half, painted.end)
        figures = far.mean(), np.median(far), np.quantile(far, 0.9), draft.mean()
        print(
            f"{sampler:<9}{steps:10}{shift:10.1f}"
            + "".join(f"{figure:10.3f}" for figure in figures)
            + f"{mixed(painter.decoded(painted.end)):10.0%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
