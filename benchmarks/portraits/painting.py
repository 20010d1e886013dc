"""Which weights a benchmark paints with, and genomes for them.

Every benchmark here takes `--weights FOLDER ...`: other versions of the embedded model, measured
in the same run with the same noise, words and judge.
"""

from __future__ import annotations

import argparse

import numpy as np

from evolve import Genome, Prompt, Settings, describe, load_renderer, noise

SHIPPED = "portraits"


def add_weights(parser: argparse.ArgumentParser) -> None:
    """Let the command line name model folders; the shipped one if it names none."""
    parser.add_argument(
        "--weights", nargs="+", default=[SHIPPED], metavar="FOLDER",
        help="model folders to compare (default: the shipped model)",
    )  # fmt: skip


def genome(prompt: str, settings: Settings, *place: int) -> Genome:
    """An unrelated genome of the embedded model; `place` is what its noise is drawn from."""
    drawn = noise.draw(noise.stream(*place, "benchmark"), describe(SHIPPED).latent)
    return Genome(noise.stored(drawn), Prompt.parse(prompt), settings)


def paint(genomes: list[Genome], model: str) -> np.ndarray:
    """(n, 128, 128, 3): one picture of each."""
    with load_renderer(model) as renderer:
        return np.stack(renderer.paint(genomes))
