"""Does guidance by cuts lead pictures to their words, and what does it cost?

The same genomes of the embedded model (held-out prompts) are painted without it and in several
strengths. The score is that of `fancier run`, over cuts that did not guide. The same CLIP guides
and scores: so the judge, which never saw it, also reads how many of the asked attributes are there.

    python -m benchmarks.guidance [--pictures 8] [--strengths 0.1 0.3 1] [--sheet FILE]
"""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.portraits.held_out import held_out
from benchmarks.portraits.judges import load_judge
from benchmarks.portraits.painting import genome
from benchmarks.portraits.words import right
from benchmarks.scripting.command_line import parser_of
from evolve import Clip, CutScore, describe, load_renderer


def main() -> None:
    """Paint, score and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--pictures", type=int, default=8)
    parser.add_argument("--strengths", type=float, nargs="+", default=[0.1, 0.3, 1.0])
    parser.add_argument("--sheet", type=Path, help="also write the pictures here, a row a strength")
    args = parser.parse_args()

    card, faces = describe("portraits"), held_out()[: args.pictures]
    assert card.clip is not None
    scorer, judge = CutScore(Clip(card.clip)), load_judge()
    plain = [genome(face.prompt, card.settings, 0, k) for k, face in enumerate(faces)]
    rows, before = [], None
    print("| guidance by cuts | score | gain of each, mean | higher in | asked, and there | s |")
    print("|---|---|---|---|---|---|")
    with load_renderer("portraits") as renderer:
        renderer.paint(plain)  # prepares things
        for strength in (None, *args.strengths):
            settings = replace(card.settings, cut_guidance=strength)
            started = time.perf_counter()
            pictures = renderer.paint([replace(each, settings=settings) for each in plain])
            seconds = time.perf_counter() - started
            rows.append(np.concatenate(pictures, 1))
            scores = scorer.score(pictures, plain)
            before = scores if before is None else before
            gain = scores - before
            read = right(faces, judge.read(np.stack(pictures))).values()
            there = np.mean([found for each in read for found in each])
            print(
                f"| {strength or 'none'} | {scores.mean():.2f} | {gain.mean():+.2f} | "
                f"{(gain > 0).sum()} of {len(gain)} | {there:.0%} | {seconds:.1f} |",
                flush=True,
            )
    if args.sheet:
        Image.fromarray(np.concatenate(rows)).save(args.sheet)


if __name__ == "__main__":
    main()
