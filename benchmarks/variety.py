"""Does the gene of variety bring founders apart where their noise hardly can?

The embedded model is made one whose noise hardly matters: the noises of a page lie within a few
degrees of each other. Pages of twelve founders with and without the gene, by held-out prompts, on
the same noises; beside them founders of ordinary, unrelated noise. How far apart they are: mean
distance of pairs in the model's own CLIP (1 - cos), and of their pixels. What is lost: the words
score, and how many of the things asked for the judge reads.

    python -m benchmarks.variety [--prompts 16] [--angle 8] [--keep FOLDER] [--sheet FILE]
"""

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.portraits.held_out import held_out, meant
from benchmarks.portraits.judges import load_judge
from benchmarks.portraits.painting import SHIPPED, paint
from benchmarks.scripting.command_line import parser_of
from evolve import Clip, Genome, Prompt, describe, load_renderer
from evolve.genome import noise
from evolve.genome.variety import Variety
from evolve.scoring.words import Words

PAGE = 12
STRENGTHS = (None, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6)


def page(prompt: str, place: int, angle: float, strength: float | None) -> list[Genome]:
    """Return founders whose noises lie within `angle` degrees of a common one."""
    card = describe(SHIPPED)
    common = noise.draw(noise.stream(place, 0, "common"), card.latent)
    settings = replace(card.settings, variety=strength)
    founders = []
    for k in range(PAGE):
        fresh = noise.draw(noise.stream(place, k, "fresh"), card.latent)
        shift = Variety(((100 * place + k, 1.0),)) if strength else None
        near = noise.stored(noise.rotate(common, fresh, np.radians(angle)))
        founders.append(Genome(near, Prompt.typed(prompt), settings, variety=shift))
    return founders


def apart(vectors: np.ndarray) -> float:
    """Return the mean distance of all pairs."""
    return float(np.mean([np.sqrt(np.mean((a - b) ** 2)) for a, b in combinations(vectors, 2)]))


def main() -> None:
    """Paint, measure and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--prompts", type=int, default=16)
    parser.add_argument("--angle", type=float, default=8.0)
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep painted pictures here")
    parser.add_argument("--sheet", type=Path, help="also write pages of the first prompt here")
    args = parser.parse_args()

    card, judge = describe(SHIPPED), load_judge("second")
    assert card.clip is not None
    clip, words = Clip(card.clip), Words(card)
    faces = held_out()[: args.prompts]
    renderer = load_renderer(SHIPPED)
    ways = [(f"{args.angle:g}°", args.angle, s) for s in STRENGTHS] + [("unrelated", 90.0, None)]
    print(
        f"{'noises':<12}{'variety':>8}{'CLIP':>8}{'times':>7}{'pixels':>9}{'words':>8}{'read':>8}"
    )
    rows, first = [], 0.0
    for name, angle, strength in ways:
        far, pixels, score, read = [], [], [], []
        for place, face in enumerate(faces):
            genomes = page(face.prompt, place, angle, strength)
            painted = paint(genomes, SHIPPED, args.keep, renderer)
            vectors = clip.embed(list(painted))
            far.append(float(np.mean([1 - a @ b for a, b in combinations(vectors, 2)])))
            pixels.append(apart(painted.astype(float) / 255))
            score.append(float(np.nanmean(words.score(list(painted), genomes))))
            asked = meant(face)
            read += [one[a] in values for one in judge.read(painted) for a, values in asked.items()]
            if place == 0:
                rows.append(np.hstack(list(painted)))
        first = first or float(np.mean(far))
        print(
            f"{name:<12}{strength or 'off':>8}{np.mean(far):8.3f}{np.mean(far) / first:7.2f}"
            f"{np.mean(pixels):9.1%}{np.mean(score):8.2f}{np.mean(read):8.1%}",
            flush=True,
        )
    renderer.close()
    if args.sheet:
        Image.fromarray(np.vstack(rows)).save(args.sheet)


if __name__ == "__main__":
    main()
