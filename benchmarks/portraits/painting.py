"""Which weights a benchmark paints with, and genomes for them.

Every benchmark here takes `--weights FOLDER ...`: other versions of the embedded model, measured
in the same run with the same noise, words and judge.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np

from evolve import Genome, Prompt, Settings, describe, load_renderer
from evolve.genome import noise
from evolve.models.files.fingerprint import identity
from evolve.rendering.painting import OwnedRenderer

SHIPPED = "portraits"


def add_weights(parser: argparse.ArgumentParser) -> None:
    """Let the command line name model folders; the shipped one if it names none."""
    parser.add_argument(
        "--weights", nargs="+", default=[SHIPPED], metavar="FOLDER",
        help="model folders to compare (default: the shipped model)",
    )  # fmt: skip
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep painted pictures here")


def genome(prompt: str, settings: Settings, seed: int, place: int) -> Genome:
    """An unrelated genome of the embedded model; its noise is drawn from `seed` and `place`."""
    drawn = noise.draw(noise.stream(seed, place, "benchmark"), describe(SHIPPED).latent)
    return Genome(noise.stored(drawn), Prompt.parse(prompt), settings)


def paint(
    genomes: list[Genome],
    model: str,
    keep: Path | None = None,
    renderer: OwnedRenderer | None = None,
) -> np.ndarray:
    """(n, 128, 128, 3): one picture of each; those kept in the folder `keep` are taken from there.

    So another judge, or another way to choose, looks at the same pictures without painting again.
    A renderer that is at work already may be given.
    """
    if keep is None:
        return _painted(genomes, model, renderer)
    described = json.dumps(identity(describe(model)), sort_keys=True)
    key = hashlib.sha256(described.encode())
    for one in genomes:
        key.update(repr((one.prompt, one.settings, one.variety)).encode())
        key.update(one.noise.tobytes())
    file = keep / f"{key.hexdigest()[:24]}.npy"
    if not file.exists():
        keep.mkdir(parents=True, exist_ok=True)
        np.save(file, _painted(genomes, model, renderer))
    pictures: np.ndarray = np.load(file)
    return pictures


def _painted(
    genomes: list[Genome], model: str, renderer: OwnedRenderer | None = None
) -> np.ndarray:
    if renderer is not None:
        return np.stack(renderer.paint(genomes))
    with load_renderer(model) as own:
        return np.stack(own.paint(genomes))
