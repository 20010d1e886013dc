"""What does a draft tell of the picture that it becomes?

Several pictures of each of some prompts are scored (`--fitness words`) as they look on the way, and
finished. The rank correlation of the two scores within a prompt, its mean over prompts and its 95 %
bootstrap interval: 1 if the order of the drafts is that of the pictures. The prompts ask for three
things that are rare together (`hard`), or for four that never occur together
(`benchmarks.searching.prompts`).

    python -m benchmarks.portraits.drafts [--prompts 8] [--each 12] [--at 2 4 6]
"""

import numpy as np

from benchmarks.portraits.hard import hard
from benchmarks.portraits.painting import SHIPPED, genome
from benchmarks.scripting.command_line import parser_of
from benchmarks.scripting.intervals import written
from benchmarks.searching.prompts import is_told, prompts
from evolve import Genome, describe, load_renderer
from evolve.rendering.painting import OwnedRenderer, paint, task_ids
from evolve.rendering.protocol import Drafted, Finished, Job
from evolve.scoring.words import Words
from evolve.session.archive import Picture
from evolve.taste.foresight import spearman


def shown(renderer: OwnedRenderer, genomes: list[Genome], steps: list[int]) -> list[list[Picture]]:
    """Return how genomes look after some steps, and at last how they are painted."""
    ids = [next(task_ids) for _ in genomes]
    looks = []
    for step in (*steps, None):
        jobs = [Job(i, each, until=step) for i, each in zip(ids, genomes, strict=True)]
        events = paint(renderer, jobs)
        found = {e.id: e.picture for e in events if isinstance(e, Drafted | Finished)}
        looks.append([found[i] for i in ids])
    return looks


def main() -> None:
    """Paint, score and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--prompts", type=int, default=8, help="of each kind")
    parser.add_argument("--each", type=int, default=12, help="pictures of every prompt")
    parser.add_argument("--at", type=int, nargs="+", default=[2, 4, 6], help="steps of drafts")
    args = parser.parse_args()
    card, kinds = describe(SHIPPED), {"rare": hard(), "never": prompts()}
    scorer = Words(card)
    heads = "".join(f"{f'after {step}':>20}" for step in args.at)
    print(f"{args.each} pictures of each prompt, {card.settings.steps} steps")
    print(f"{'together':<10}{'prompts':>8}{heads}")
    with load_renderer(SHIPPED) as renderer:
        for kind, faces in kinds.items():
            rows = []
            for k, face in enumerate([face for face in faces if is_told(face)][: args.prompts]):
                genomes = [genome(face.prompt, card.settings, 60 + k, n) for n in range(args.each)]
                looks = shown(renderer, genomes, args.at)
                *drafts, whole = (scorer.score(pictures, genomes) for pictures in looks)
                rows.append([spearman(draft, whole) or 0.0 for draft in drafts])
            found = np.array(rows)
            cells = "".join(f"{written(column, '{:.2f}'):>20}" for column in found.T)
            print(f"{kind:<10}{len(found):8}{cells}", flush=True)


if __name__ == "__main__":
    main()
