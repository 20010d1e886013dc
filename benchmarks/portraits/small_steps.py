"""Are small steps small, and are there faces all the way between two faces?

Children of 24 founders (held-out prompts) turned by one angle each: how many of the attributes that
the judge reads stay as they were, and how far the pixels move. Then 24 pairs under one prompt each:
five pictures along the slerp between them, and along the straight line as the counter-example
(its noise is too quiet in the middle); how sure the judge is tells faces from smears.

    python -m benchmarks.portraits.small_steps [--founders 24] [--sheet FILE]
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.portraits.held_out import held_out
from benchmarks.portraits.judges import load_judge
from benchmarks.portraits.judging.experts import Experts
from benchmarks.portraits.painting import add_weights, genome
from benchmarks.scripting.command_line import parser_of
from evolve import Settings, describe, load_renderer
from evolve.genome import noise
from evolve.rendering.painting import OwnedRenderer
from evolve.search.operators import mutate

ANGLES = (5, 10, 15, 20, 30, 45, 60, 90)
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
WATCHED = ("style", "hair", "hair_colour", "skin", "mouth", "glasses", "beard", "hat", "background")


def sureness(judge: Experts, pictures: np.ndarray) -> float:
    """Mean probability of the judge's answers about the watched attributes."""
    chances = judge.chances_in(pictures)
    return float(np.mean([chances[attribute].amax(1).mean() for attribute in WATCHED]))


def kept(judge: Experts, before: np.ndarray, after: np.ndarray) -> float:
    """Share of the watched attributes that are read the same."""
    pairs = zip(judge.read(before), judge.read(after), strict=True)
    return float(np.mean([a[w] == b[w] for a, b in pairs for w in WATCHED]))


def steps(
    judge: Experts, renderer: OwnedRenderer, prompts: list[str], settings: Settings
) -> list[np.ndarray]:
    """Print the curve; return the pictures of the first founder."""
    parents = [genome(prompt, settings, 0, k) for k, prompt in enumerate(prompts)]
    before = np.stack(renderer.paint(parents))
    row = [before[0]]
    print(f"{'angle':>6}{'attributes kept':>17}{'mean pixel change':>19}")
    for angle in ANGLES:
        children = [
            mutate(noise.stream(angle, k, "benchmark"), p, angle=angle)
            for k, p in enumerate(parents)
        ]
        after = np.stack(renderer.paint(children))
        moved = np.abs(after.astype(int) - before).mean() / 255
        print(f"{angle:>5}°{kept(judge, before, after):17.1%}{moved:19.1%}")
        row.append(after[0])
    return row


def walks(
    judge: Experts, renderer: OwnedRenderer, prompts: list[str], settings: Settings
) -> list[np.ndarray]:
    """Print how sure the judge is along both ways; return the slerp of the first pair."""
    pairs = [(genome(p, settings, 1, k), genome(p, settings, 2, k)) for k, p in enumerate(prompts)]
    print(f"\n{'share':>6}{'slerp':>9}{'straight line':>15}   how sure the judge is")
    row = []
    for share in SHARES:
        by_slerp = [
            replace(a, noise=noise.stored(noise.slerp(a.noise, b.noise, share))) for a, b in pairs
        ]
        straight = [
            replace(a, noise=(a.noise * (1 - share) + b.noise * share).astype(np.float16))
            for a, b in pairs
        ]
        painted = np.stack(renderer.paint(by_slerp))
        other = np.stack(renderer.paint(straight))
        print(f"{share:6.2f}{sureness(judge, painted):9.1%}{sureness(judge, other):15.1%}")
        row.append(painted[0])
    return row


def main() -> None:
    """Paint, judge and print two tables."""
    parser = parser_of(__doc__)
    add_weights(parser)
    parser.add_argument("--founders", type=int, default=24)
    parser.add_argument("--sheet", type=Path, help="also write one founder's row and one walk here")
    args = parser.parse_args()
    judge, prompts = load_judge(), [face.prompt for face in held_out()[: args.founders]]
    rows: list[list[np.ndarray]] = []
    for model in args.weights:
        print(f"\n{model}")
        with load_renderer(model) as renderer:
            asked = judge, renderer, prompts, describe(model).settings
            rows += [steps(*asked), walks(*asked)]
    if args.sheet:
        blank = np.full_like(rows[0][0], 255)
        filled = [row + [blank] * (len(rows[0]) - len(row)) for row in rows]
        Image.fromarray(np.vstack([np.hstack(row) for row in filled])).save(args.sheet)


if __name__ == "__main__":
    main()
