"""Does the trial of rows choose those with which a page is painted fastest?

Paints two pages of the embedded model in forwards of every number of rows that the trial knows, in
turn: 16 pictures that differ in prompt, guidance, steps and sampler, and 12 of the same settings.
What counts is the sum of both, each as a share of its own least. "chosen" is what the trial chose
here, in the same run, and "loss" how much longer it takes than the best. Where other programs
keep the CPU busy, CPU time means more than wall time; both are printed.

    python -m benchmarks.rows [--repetitions 3] [--threads 2] [--without-openvino]
"""

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from unittest.mock import patch

import torch

from benchmarks.mixed_batch import paint, population
from benchmarks.scripting.command_line import parser_of
from evolve import Genome, Settings
from evolve.models.loading import LoadedModel, load_model
from evolve.models.machine import openvino
from evolve.models.machine.devices import best_device
from evolve.rendering.tuning.calibration import measure
from evolve.rendering.tuning.measuring import rows_to_try

PAGES = ("16 mixed", "12 alike")


def pages(model: LoadedModel) -> Mapping[str, Sequence[Genome]]:
    """Return the genomes of each page."""
    mixed = population(model.info.latent)
    alike = [replace(genome, settings=Settings(4.0, 8)) for genome in mixed[:12]]
    return dict(zip(PAGES, (mixed, alike), strict=True))


def sweep(model: LoadedModel, repetitions: int) -> dict[str, dict[str, dict[int, float]]]:
    """Return median seconds by clock (`wall`, `CPU`), page and rows."""
    taken: dict[tuple[str, str, int], list[float]] = {}
    tried = rows_to_try(model.device)
    for repetition in range(repetitions + 1):
        for rows in tried:
            for page, genomes in pages(model).items():
                began, spent = time.perf_counter(), time.process_time()
                paint(model.with_rows(rows), genomes)
                clocks = time.perf_counter() - began, time.process_time() - spent
                for name, seconds in zip(("wall", "CPU"), clocks, strict=True):
                    if repetition:  # the first one compiles
                        taken.setdefault((name, page, rows), []).append(seconds)
    return {
        clock: {
            page: {rows: statistics.median(taken[clock, page, rows]) for rows in tried}
            for page in PAGES
        }
        for clock in ("wall", "CPU")
    }


def main() -> None:
    """Measure and print a table."""
    parser = parser_of(__doc__)
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--device", default=best_device())
    parser.add_argument("--without-openvino", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    able = openvino.available() and not args.without_openvino
    with patch.object(openvino, "available", lambda: able):
        model = load_model("portraits", device=args.device)
    compiled = able and args.device == "cpu"
    print(f"portraits, {args.device}, {args.threads} threads, OpenVINO: {compiled}")
    calibration = measure(model)
    print("trial:", {rows: round(s, 4) for rows, s in calibration.seconds.items()})
    with torch.no_grad():
        found = sweep(model, args.repetitions)
    for clock, by_page in found.items():
        tried = list(by_page[PAGES[0]])
        total = {
            rows: sum(by_page[page][rows] / min(by_page[page].values()) for page in PAGES)
            for rows in tried
        }
        best = min(total, key=total.__getitem__)
        print(f"\n{clock + ' s':<12}" + "".join(f"{rows:>8}" for rows in tried))
        for page in PAGES:
            print(f"{page:<12}" + "".join(f"{by_page[page][rows]:8.2f}" for rows in tried))
        print(f"{'both':<12}" + "".join(f"{total[rows] / total[best]:8.3f}" for rows in tried))
        if calibration.rows:
            loss = total[calibration.rows] / total[best] - 1
            print(f"best {best}, chosen {calibration.rows}, loss {loss:.1%}", flush=True)


if __name__ == "__main__":
    main()
