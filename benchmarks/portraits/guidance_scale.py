"""Which guidance scale paints most of what many words ask for?

Prompts that ask for six things of one held-out face (`benchmarks.searching.room`) are painted from
the same noises with each guidance scale. Shown is the share of what is asked that the first judge
reads in the pictures, with its 95 % bootstrap interval over prompts; then how much higher that is
than with the guidance that ships.

    python -m benchmarks.portraits.guidance_scale [--prompts 96] [--scales 2 2.5 3 4]
"""

from dataclasses import replace
from itertools import islice

import numpy as np

from benchmarks.portraits.held_out import meant
from benchmarks.portraits.judges import load_judge
from benchmarks.portraits.painting import SHIPPED, genome
from benchmarks.scripting.command_line import parser_of
from benchmarks.scripting.intervals import written
from benchmarks.searching.room import whole
from evolve import describe, load_renderer

SEED = 11
"""Of the noises."""


def main() -> None:
    """Paint, judge and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--prompts", type=int, default=96)
    parser.add_argument("--scales", type=float, nargs="+", default=[2.0, 2.5, 3.0, 4.0])
    args = parser.parse_args()
    card, judge = describe(SHIPPED), load_judge()
    faces = list(islice(whole(), args.prompts))
    asked = [meant(face) for face in faces]
    own = card.settings.guidance_scale
    there: dict[float, np.ndarray] = {}
    with load_renderer(SHIPPED) as renderer:
        for scale in dict.fromkeys((own, *args.scales)):
            settings = replace(card.settings, guidance_scale=scale)
            genomes = [genome(face.prompt, settings, SEED, k) for k, face in enumerate(faces)]
            read = judge.read(np.stack(renderer.paint(genomes)))
            there[scale] = np.array(
                [
                    np.mean([answer[name] in values for name, values in wanted.items()])
                    for wanted, answer in zip(asked, read, strict=True)
                ]
            )
    print(f"{len(faces)} prompts, {sum(map(len, asked))} things")
    print(f"{'guidance':>8}{'asked, and there':>26}{f'more than at {own:g}':>26}")
    for scale in args.scales:
        more = written(100 * (there[scale] - there[own]), "{:+.1f}")
        print(f"{scale:8g}{written(there[scale], '{:.1%}'):>26}{more:>26}")


if __name__ == "__main__":
    main()
