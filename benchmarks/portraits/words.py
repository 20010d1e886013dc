"""Does the picture show what the words ask for?

Paints held-out prompts (natural captions; combinations that never occurred in training), one
picture each, not picked, and lets the judge read them. Beside each share stands the judge's own:
how often it is right about the real art that the prompt was made from.

    python -m benchmarks.portraits.words [--prompts 1000] [--steps 8] [--guidance 3] [--sheet FILE]
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.portraits.held_out import Held, held_out, pictures
from benchmarks.portraits.judge import load_judge
from evolve import Genome, Prompt, Settings, describe, load_renderer, noise

GOALS = {"style": 95, "background": 95, "hair_colour": 90, "glasses or none": 90, "mouth": 85}


def genome(prompt: str, settings: Settings, *place: int) -> Genome:
    """An unrelated genome of the embedded model; `place` is what its noise is drawn from."""
    drawn = noise.draw(noise.stream(*place, "benchmark"), describe("portraits").latent)
    return Genome(noise.stored(drawn), Prompt.parse(prompt), settings)


def paint(prompts: list[str], settings: Settings, seed: int = 0) -> np.ndarray:
    """(n, 128, 128, 3): one picture per prompt."""
    genomes = [genome(prompt, settings, seed, k) for k, prompt in enumerate(prompts)]
    with load_renderer("portraits") as renderer:
        return np.stack(renderer.paint(genomes))


def right(
    faces: list[Held], read: list[dict[str, str]], *, of: str = "asked"
) -> dict[str, list[bool]]:
    """For every attribute, whether each asked (or seen) value was read."""
    answers: dict[str, list[bool]] = defaultdict(list)
    for face, answer in zip(faces, read, strict=True):
        for attribute, value in getattr(face, of).items():
            answers[attribute].append(answer[attribute] == value)
            if attribute == "glasses":
                same = (answer["glasses"] == "none") == (value == "none")
                answers["glasses or none"].append(same)
    return answers


def main() -> None:
    """Paint, judge and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    settings = describe("portraits").settings
    parser.add_argument("--prompts", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=settings.steps)
    parser.add_argument("--guidance", type=float, default=settings.guidance_scale)
    parser.add_argument("--sheet", type=Path, help="also write the first 96 pictures here")
    args = parser.parse_args()

    faces = held_out()
    judge = load_judge()
    real = right(faces[: len(pictures())], judge.read(pictures()), of="seen")
    faces = faces[: args.prompts]
    settings = Settings(guidance_scale=args.guidance, steps=args.steps, sampler=settings.sampler)
    painted = paint([face.prompt for face in faces], settings)
    made = right(faces, judge.read(painted))

    print(f"{len(faces)} held-out prompts, {args.steps} steps, guidance {args.guidance:g}")
    print(f"{'asked':<18}{'present':>9}{'of':>6}{'judge on real art':>20}{'goal':>8}")
    for attribute in sorted(made, key=lambda a: (a not in GOALS, a)):
        goal = f"{GOALS[attribute]} %" if attribute in GOALS else ""
        share, ceiling = np.mean(made[attribute]), np.mean(real[attribute])
        print(f"{attribute:<18}{share:9.1%}{len(made[attribute]):6d}{ceiling:20.1%}{goal:>8}")
    if args.sheet:
        tiles = painted[:96].reshape(8, 12, *painted.shape[1:]).transpose(0, 2, 1, 3, 4)
        Image.fromarray(tiles.reshape(8 * painted.shape[1], -1, 3)).save(args.sheet)


if __name__ == "__main__":
    main()
