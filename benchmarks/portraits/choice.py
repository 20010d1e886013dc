"""Does the score of `fancier run` choose the picture that another judge would?

Paints several pictures of each of some held-out prompts and lets the score choose one. The judge,
which never saw the CLIP, reads how many of the asked attributes each picture shows.

    python -m benchmarks.portraits.choice [--prompts 60] [--each 8] [--clip FOLDER ...]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks.portraits.held_out import held_out
from benchmarks.portraits.judge import load_judge
from benchmarks.portraits.words import genome
from evolve import Clip, CutScore, describe, load_renderer


def main() -> None:
    """Paint, choose and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    card = describe("portraits")
    assert card.clip is not None
    parser.add_argument("--prompts", type=int, default=60)
    parser.add_argument("--each", type=int, default=8, help="pictures of every prompt")
    parser.add_argument("--clip", type=Path, nargs="+", default=[card.clip], help="also of others")
    args = parser.parse_args()

    faces = [face for face in held_out() if len(face.asked) >= 3][: args.prompts]
    genomes = [
        genome(face.prompt, card.settings, k, i)
        for k, face in enumerate(faces)
        for i in range(args.each)
    ]
    with load_renderer("portraits") as renderer:
        painted = renderer.paint(genomes)
    read = load_judge().read(np.stack(painted))
    shares = [
        np.mean(
            [seen[attribute] == value for attribute, value in faces[k // args.each].asked.items()]
        )
        for k, seen in enumerate(read)
    ]
    there = np.reshape(shares, (len(faces), args.each))
    told = np.mean([len(face.asked) for face in faces])
    print(
        f"{len(faces)} prompts that ask for {told:.1f} attributes, {args.each} pictures of each\n"
    )
    print(f"{'chosen':<44}{'asked, and there':>18}")
    print(f"{'by chance':<44}{there.mean():18.1%}")
    for folder in args.clip:
        for views, inner in (("whole", 0), ("whole and cuts", 4)):
            scores = CutScore(Clip(folder), inner=inner).score(painted, genomes)
            best = scores.reshape(there.shape).argmax(1)
            share = there[np.arange(len(there)), best].mean()
            print(
                f"{f'by the score, {views}':<44}{share:18.1%}   {folder.parent.name}/{folder.name}"
            )
    print(f"{'by the judge itself':<44}{there.max(1).mean():18.1%}")


if __name__ == "__main__":
    main()
