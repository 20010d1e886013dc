"""Does the score of `fancier run` choose the picture that another judge would?

Paints several pictures of each of some held-out prompts and lets the score choose one. The judge,
which never saw the CLIP, reads how many of the asked attributes each picture shows.

    python -m benchmarks.portraits.choice [--kinds easy hard] [--prompts 64] [--each 8]
        [--judge second] [--bound] [--clip FOLDER ...] [--weights FOLDER ...]

Easy prompts are held-out ones, hard ones those of `hard`, and `searching` those for searches. "Of
the way" is how far a choice gets from chance to the judge's own, with its 95 % bootstrap interval
over prompts. What is asked for and missing is partly the judge's own doubt, in which no one can
follow it: what it is sure of ("surely missing") and how probable it finds what was asked ("log-
probability") tell more. How far the other judge gets (`--bound`), who is as good but doubts
elsewhere, tells how far anybody could: for figures to report, not for tuning.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.portraits.hard import hard
from benchmarks.portraits.held_out import Held, held_out, meant
from benchmarks.portraits.judges import load_judge
from benchmarks.portraits.judging.experts import Experts
from benchmarks.portraits.painting import SHIPPED, add_weights, genome, paint
from benchmarks.scripting.command_line import parser_of
from benchmarks.scripting.intervals import ratio
from benchmarks.searching.prompts import is_told, prompts
from evolve import Clip, CutScore, Genome, describe
from evolve.scoring.words import Words
from evolve.session.archive import Picture

SURE = 0.1
"""What the judge gives a lower probability is surely missing."""
LEAST = 0.001
"""The smallest probability that counts."""
TUNED_ON = 8
"""Of the prompts for searches the first ones, with which searches were tuned."""
TOGETHER = 8
"""Prompts that are painted, and kept, at a time."""
OWN_NOISES = 508
"""Where the noises of the prompts for searches begin."""
OTHER = {"first": "second", "second": "first"}
COLUMNS = ("asked, and there", "surely missing", "log-probability")
CUTS = "by CLIP, whole and cuts"
READER = "by the words that the reader finds"
Floats = npt.NDArray[np.float64]
Scorer = Callable[[Sequence[Picture], Sequence[Genome]], Floats]


def main() -> None:
    """Paint, choose and print a table for every kind of prompt and all weights."""
    parser = parser_of(__doc__)
    card = describe(SHIPPED)
    assert card.clip is not None
    add_weights(parser)
    parser.add_argument("--prompts", type=int, default=64, help="of each kind")
    kinds = ["easy", "hard", "searching"]
    parser.add_argument("--kinds", nargs="+", default=kinds[:2], choices=kinds)
    parser.add_argument("--bound", action="store_true", help="also by the other judge")
    parser.add_argument("--judge", choices=list(OTHER), default="first")
    parser.add_argument("--each", type=int, default=8, help="pictures of every prompt")
    parser.add_argument("--clip", type=Path, nargs="+", default=[], help="also by these")
    args = parser.parse_args()

    judge, other = (load_judge(name) for name in (args.judge, OTHER[args.judge]))
    known = {
        "easy": [face for face in held_out() if len(face.asked) >= 3],
        "hard": hard(),
        "searching": [face for face in prompts()[TUNED_ON:] if is_told(face)],
    }
    for kind in args.kinds:
        faces = known[kind][: args.prompts]
        asked = np.mean([len(face.asked) for face in faces])
        for model in args.weights:
            genomes, painted = painted_of(kind, faces, args.each, model, args.keep)
            of = [faces[k // args.each] for k in range(len(painted))]
            shape = len(faces), args.each
            columns = [np.reshape(one, shape) for one in seen(judge, painted, of)]
            print(
                f"\n{model}: {len(faces)} {kind} prompts that ask for {asked:.1f} attributes, "
                f"{args.each} pictures of each, read by the {args.judge} judge"
            )
            line("chosen", *(f"{name} (way)" for name in COLUMNS))
            line("by chance", *(written(k, one.mean()) for k, one in enumerate(columns)))
            scores = {
                name: score(painted, genomes).reshape(shape)
                for name, score in scorers([card.clip, *args.clip])
            }
            scores["by the ranks of both together"] = ranks(scores[READER]) + ranks(scores[CUTS])
            if args.bound:
                scores["by the other judge"] = np.reshape(seen(other, painted, of)[2], shape)
            for name, one in scores.items():
                line(name, *(way(k, values, one) for k, values in enumerate(columns)))
            best = [one.min(1) if k == 1 else one.max(1) for k, one in enumerate(columns)]
            line("by the judge itself", *(written(k, one.mean()) for k, one in enumerate(best)))


def painted_of(
    kind: str, faces: Sequence[Held], each: int, model: str, keep: Path | None
) -> tuple[list[Genome], list[Picture]]:
    """The genomes of all prompts and their pictures, a few prompts at a time."""
    settings, first = describe(SHIPPED).settings, OWN_NOISES if kind == "searching" else 0
    genomes, painted = list[Genome](), list[Picture]()
    for start in range(0, len(faces), TOGETHER):
        some = [
            genome(face.prompt, settings, first + k, i)
            for k, face in enumerate(faces[start : start + TOGETHER], start)
            for i in range(each)
        ]
        genomes += some
        painted += list(paint(some, model, keep))
    return genomes, painted


def way(column: int, values: Floats, scores: Floats) -> str:
    """What a choice finds, and how far it gets from chance to the best, with its interval."""
    found = values[np.arange(len(values)), scores.argmax(1)]
    best = values.min(1) if column == 1 else values.max(1)
    share, low, high = ratio(found - values.mean(1), best - values.mean(1))
    return f"{written(column, found.mean())} ({share:.0%} [{low:.0%}, {high:.0%}])"


def written(column: int, value: float) -> str:
    """A mean as the table shows it."""
    return f"{value:.2f}" if column == 2 else f"{value:.1%}"


def ranks(scores: Floats) -> Floats:
    """The place of each picture among those of its prompt (row), the worst 0."""
    return scores.argsort(1).argsort(1).astype(np.float64)


def line(*cells: str) -> None:
    """Print a row."""
    name, *numbers = cells
    print(f"{name:<36}" + "".join(f"{number:>26}" for number in numbers))


def seen(
    judge: Experts, painted: Sequence[Picture], faces: Sequence[Held]
) -> tuple[list[float], list[float], list[float]]:
    """Return the `COLUMNS` of each picture; the last is the mean of the logarithms."""
    there, missing, sure = list[float](), list[float](), list[float]()
    chances = judge.chances_in(np.stack(painted))
    for k, face in enumerate(faces):
        found, right = list[float](), list[bool]()
        for attribute, values in meant(face).items():
            columns = [judge.classes[attribute].index(value) for value in values]
            chance = chances[attribute][k]
            right.append(int(chance.argmax()) in columns)
            found.append(float(chance[columns].sum()))
        there.append(float(np.mean(right)))
        missing.append(float(np.mean([one < SURE for one in found])))
        sure.append(float(np.log(np.clip(found, LEAST, 1)).mean()))
    return there, missing, sure


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
