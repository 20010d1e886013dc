"""Does the score of `fancier run` choose the picture that another judge would?

Paints several pictures of each of some held-out prompts and lets the score choose one. The judge,
which never saw the CLIP, reads how many of the asked attributes each picture shows.

    python -m benchmarks.portraits.choice [--prompts 64] [--each 8] [--clip FOLDER ...]
        [--weights FOLDER ...]

Easy prompts are held-out ones, hard ones those of `hard`. "Of the way" is how far a choice gets
from chance to the judge's own. What is asked for and missing is mostly the judge's own doubt, in
which no one can follow it; what it is sure of ("surely missing") tells more.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from benchmarks.portraits.hard import hard
from benchmarks.portraits.held_out import Held, held_out, meant
from benchmarks.portraits.judge import Judge, load_judge
from benchmarks.portraits.painting import SHIPPED, add_weights, genome, paint
from evolve import Clip, CutScore, Genome, describe
from evolve.scoring.words import Words
from evolve.session.archive import Picture

SURE = 0.1
"""What the judge gives a lower probability is surely missing."""
CUTS = "by CLIP, whole and cuts"
READER = "by the words that the reader finds"
Scorer = Callable[[Sequence[Picture], Sequence[Genome]], npt.NDArray[np.float64]]


def main() -> None:
    """Paint, choose and print a table for every kind of prompt and all weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    card = describe(SHIPPED)
    assert card.clip is not None
    add_weights(parser)
    parser.add_argument("--prompts", type=int, default=64, help="of each kind")
    parser.add_argument("--each", type=int, default=8, help="pictures of every prompt")
    parser.add_argument("--clip", type=Path, nargs="+", default=[], help="also by these")
    args = parser.parse_args()

    judge = load_judge()
    easy = [face for face in held_out() if len(face.asked) >= 3]
    for kind, faces in (("easy", easy[: args.prompts]), ("hard", hard()[: args.prompts])):
        genomes = [
            genome(face.prompt, card.settings, k, i)
            for k, face in enumerate(faces)
            for i in range(args.each)
        ]
        asked = np.mean([len(face.asked) for face in faces])
        for model in args.weights:
            painted = list(paint(genomes, model, args.keep))
            there, missing = (
                np.reshape(shares, (len(faces), args.each))
                for shares in seen(
                    judge, painted, [faces[k // args.each] for k in range(len(painted))]
                )
            )
            print(
                f"\n{model}: {len(faces)} {kind} prompts that ask for {asked:.1f} attributes, "
                f"{args.each} pictures of each"
            )
            line("chosen", "asked, and there", "of the way", "surely missing", "of the way")
            line("by chance", f"{there.mean():.1%}", "", f"{missing.mean():.2%}", "")
            scores = {
                name: score(painted, genomes).reshape(there.shape)
                for name, score in scorers([card.clip, *args.clip])
            }
            scores["by the ranks of both together"] = ranks(scores[READER]) + ranks(scores[CUTS])
            rows = np.arange(len(faces))
            for name, one in scores.items():
                best = one.argmax(1)
                cells = []
                for shares, ideal, digits in (
                    (there, there.max(1), 1),
                    (missing, missing.min(1), 2),
                ):
                    found = shares[rows, best].mean()
                    way = (found - shares.mean()) / (ideal.mean() - shares.mean())
                    cells += [f"{found:.{digits}%}", f"{way:.0%}"]
                line(name, *cells)
            ideals = f"{there.max(1).mean():.1%}", "", f"{missing.min(1).mean():.2%}", ""
            line("by the judge itself", *ideals)


def ranks(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The place of each picture among those of its prompt (row), the worst 0."""
    return scores.argsort(1).argsort(1).astype(np.float64)


def line(*cells: str) -> None:
    """Print a row."""
    name, *numbers = cells
    print(f"{name:<36}" + "".join(f"{number:>16}" for number in numbers))


@torch.no_grad()
def seen(
    judge: Judge, painted: list[Picture], faces: list[Held]
) -> tuple[list[float], list[float]]:
    """How much of what was asked for is there in each picture, and how much surely is not."""
    there, missing = [], []
    images = torch.from_numpy(np.stack(painted)).permute(0, 3, 1, 2).float() / 127.5 - 1
    logits = torch.cat([judge(part) for part in images.split(64)])
    chances = {a: one.softmax(1) for a, one in judge.parted(logits).items()}
    for k, face in enumerate(faces):
        sure, right = [], []
        for attribute, values in meant(face).items():
            columns = [judge.classes[attribute].index(value) for value in values]
            chance = chances[attribute][k]
            right.append(int(chance.argmax()) in columns)
            sure.append(float(chance[columns].sum()) < SURE)
        there.append(float(np.mean(right)))
        missing.append(float(np.mean(sure)))
    return there, missing


def scorers(clips: list[Path]) -> Iterator[tuple[str, Scorer]]:
    """Each way to choose, by name."""
    shipped = describe(SHIPPED).clip
    for folder in clips:
        for views, inner in (("whole", 0), ("whole and cuts", 4)):
            name = "CLIP" if folder == shipped else f"the CLIP in {folder}"
            yield f"by {name}, {views}", CutScore(Clip(folder), inner=inner).score
    yield READER, Words(describe(SHIPPED)).score


if __name__ == "__main__":
    main()
