"""How long does a person wait for the first page?

Prints, for several fresh renderer processes, the time from their start to the loaded model, and
from there to the first and to the last of 12 pictures of the embedded model.

    python benchmarks/first_page.py [--runs 5]
"""

from __future__ import annotations

import argparse
import statistics
import time

from evolve import Prompt, Search, describe, load_renderer
from evolve.rendering.protocol import Finished, Job, Ready


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--count", type=int, default=12, help="pictures on the page")
    args = parser.parse_args()

    card = describe("portraits")
    rows = []
    for seed in range(args.runs):
        prompt = Prompt.parse("a smiling woman with red hair and glasses")
        search = Search(seed=seed, prompt=prompt, shape=card.latent, settings=card.settings)
        page = search.ask(args.count)
        started = time.perf_counter()
        ready, finished = 0.0, []
        with load_renderer("portraits") as renderer:
            renderer.submit([Job(individual.id, individual.genome) for individual in page])
            while len(finished) < len(page):
                for event in renderer.poll(1.0):
                    now = time.perf_counter()
                    if isinstance(event, Ready):
                        ready = now
                    elif isinstance(event, Finished):
                        finished.append(now)
        rows.append((ready - started, finished[0] - ready, finished[-1] - ready))

    print(f"portraits, {args.count} pictures of {card.settings.steps} steps, {args.runs} processes")
    print(f"{'seconds':<28}{'min':>8}{'median':>8}{'max':>8}")
    for name, values in zip(
        ("start to loaded model", "loaded to first picture", "loaded to whole page"),
        zip(*rows, strict=True),
        strict=True,
    ):
        print(f"{name:<28}{min(values):8.2f}{statistics.median(values):8.2f}{max(values):8.2f}")


if __name__ == "__main__":
    main()
