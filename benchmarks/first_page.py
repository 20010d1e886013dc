"""How long does a person wait for a page, and what does painting it hold in memory?

Prints, for several fresh renderer processes, the time from their start to the loaded model, from
there to the first and to the last of 12 pictures of the embedded model, the time of the pages
after it, and the most memory that such a process held.

    python -m benchmarks.first_page [--runs 5]
"""

import statistics
import time
from collections.abc import Sequence

from benchmarks.scripting.command_line import parser_of
from evolve import Individual, Prompt, Search, describe, load_renderer, procfs
from evolve.rendering.painting import OwnedRenderer
from evolve.rendering.process.renderer_process import ProcessRenderer
from evolve.rendering.protocol import Finished, Job, Ready

PAGE, PAGES = 12, 4
"""Pictures on a page, and pages of each process."""


def painted(renderer: OwnedRenderer, page: Sequence[Individual]) -> tuple[float, list[float]]:
    """When the model was loaded (0 if before) and when each picture of `page` was painted."""
    renderer.submit([Job(individual.id, individual.genome) for individual in page])
    ready, finished = 0.0, list[float]()
    while len(finished) < len(page):
        for event in renderer.poll(1.0):
            if isinstance(event, Ready):
                ready = time.perf_counter()
            elif isinstance(event, Finished):
                finished.append(time.perf_counter())
    return ready, finished


def main() -> None:
    """Measure and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()

    card = describe("portraits")
    firsts, pages, most = [], [], 0
    for seed in range(args.runs):
        prompt = Prompt.parse("a smiling woman with red hair and glasses")
        search = Search(seed=seed, prompt=prompt, shape=card.latent, settings=card.settings)
        started = time.perf_counter()
        with load_renderer("portraits") as renderer:
            ready, finished = painted(renderer, search.ask(PAGE))
            firsts.append((ready - started, finished[0] - ready, finished[-1] - ready))
            for _ in range(PAGES - 1):
                started = time.perf_counter()
                pages.append(painted(renderer, search.ask(PAGE))[1][-1] - started)
            assert isinstance(renderer, ProcessRenderer)
            most = max(most, procfs.size(f"{renderer.pid}/status", "VmHWM") or 0)

    print(f"portraits, {PAGE} pictures of {card.settings.steps} steps, {args.runs} processes")
    print(f"{'seconds':<28}{'min':>8}{'median':>8}{'max':>8}")
    names = ("start to loaded model", "loaded to first picture", "loaded to whole page")
    for name, values in (*zip(names, zip(*firsts, strict=True), strict=True), ("next page", pages)):
        print(f"{name:<28}{min(values):8.2f}{statistics.median(values):8.2f}{max(values):8.2f}")
    print(f"most memory of a renderer process: {most / 2**30:.2f} GiB")


if __name__ == "__main__":
    main()
