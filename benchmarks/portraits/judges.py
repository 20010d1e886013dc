"""How good are the two judges? Right about real held-out art, and steady when it moves.

    python -m benchmarks.portraits.judges [--work DIR]

prints how often each is right about the 400 real held-out pictures of the benchmarks, and how often
it says the same of a picture moved by two pixels; with `--work` about all held-out faces of that
work folder of `evolve.models.portraits.training.train`.
"""

from pathlib import Path

import numpy as np

from benchmarks.portraits import judge, second_judge
from benchmarks.portraits.held_out import held_out, pictures
from benchmarks.portraits.judging.experts import Experts
from benchmarks.portraits.judging.steadiness import steadiness
from benchmarks.scripting.command_line import parser_of
from evolve.models.portraits.training.faces.attributes import CLASSES, visible
from evolve.models.portraits.training.faces.dataset import Faces

JUDGES = {"first": judge, "second": second_judge}


def load_judge(name: str = "first") -> Experts:
    """The first or the second judge, trained."""
    loaded: Experts = JUDGES[name].Judge()
    loaded.load(JUDGES[name].WEIGHTS)
    return loaded


def main() -> None:
    """Measure both and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--work", type=Path, help="all held-out faces of this work folder")
    args = parser.parse_args()
    if args.work is None:
        images = pictures()
        seen = [face.seen for face in held_out()[: len(images)]]
    else:
        faces = Faces(args.work / "data")
        images = np.asarray(faces.pixels[faces.held_out])
        seen = [visible(faces.records[i]) for i in faces.held_out]
    judges = [load_judge(name) for name in JUDGES]
    answers = [one.read(images) for one in judges]
    steady = [steadiness(one, images, seen) for one in judges]
    heads = "".join(f"{name:>9}" for name in JUDGES)
    print(f"{'':<16}{'right':>18}{'':>6}{'same when moved':>18}{'both say':>11}")
    print(f"{'attribute':<16}{heads}{'of':>6}{heads}{'the same':>11}")
    for attribute in CLASSES:
        known = [k for k, one in enumerate(seen) if attribute in one]
        right = [np.mean([a[k][attribute] == seen[k][attribute] for k in known]) for a in answers]
        alike = np.mean([answers[0][k][attribute] == answers[1][k][attribute] for k in known])
        cells = "".join(f"{share:9.1%}" for share in right)
        moved = "".join(f"{one[attribute]:9.1%}" for one in steady)
        print(f"{attribute:<16}{cells}{len(known):6d}{moved}{alike:11.1%}")


if __name__ == "__main__":
    main()
