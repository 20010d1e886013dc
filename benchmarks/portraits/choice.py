"""Does the score of `fancier run` choose the picture that another judge would?

Paints several pictures of each of some held-out prompts and lets the score choose one. The judge,
which never saw the CLIP, reads how many of the asked attributes each picture shows.

    python -m benchmarks.portraits.choice [--prompts 64] [--each 8] [--clip FOLDER ...]
        [--weights FOLDER ...]

Easy prompts are held-out ones, hard ones those of `hard`. "Of the way" is how far a choice gets
from chance to the judge's own.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.portraits.hard import hard
from benchmarks.portraits.held_out import Held, held_out, meant
from benchmarks.portraits.judge import load_judge
from benchmarks.portraits.painting import SHIPPED, add_weights, genome, paint
from evolve import Clip, CutScore, Genome, describe
from evolve.scoring.words import Words
from evolve.session.archive import Picture

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
            there = np.reshape(
                [
                    share(seen, faces[k // args.each])
                    for k, seen in enumerate(judge.read(np.stack(painted)))
                ],
                (len(faces), args.each),
            )
            print(
                f"\n{model}: {len(faces)} {kind} prompts that ask for {asked:.1f} attributes, "
                f"{args.each} pictures of each"
            )
            line("chosen", "asked, and there", "of the way")
            line("by chance", f"{there.mean():.1%}")
            scores = {
                name: score(painted, genomes).reshape(there.shape)
                for name, score in scorers([card.clip, *args.clip])
            }
            scores["by the ranks of both together"] = ranks(scores[READER]) + ranks(scores[CUTS])
            for name, one in scores.items():
                found = there[np.arange(len(there)), one.argmax(1)].mean()
                way = (found - there.mean()) / (there.max(1).mean() - there.mean())
                line(name, f"{found:.1%}", f"{way:.0%}")
            line("by the judge itself", f"{there.max(1).mean():.1%}")


def ranks(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The place of each picture among those of its prompt (row), the worst 0."""
    return scores.argsort(1).argsort(1).astype(np.float64)


def line(*cells: str) -> None:
    """Print a row."""
    name, *numbers = cells
    print(f"{name:<44}" + "".join(f"{number:>18}" for number in numbers))


def share(seen: dict[str, str], face: Held) -> float:
    """How much of what was asked for is there."""
    return float(np.mean([seen[a] in values for a, values in meant(face).items()]))


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
