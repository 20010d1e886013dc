"""Picture files with texts of other programs, and what they found in a population."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, PngImagePlugin

from benchmarks.foreign import castle
from evolve.genome.edit import Base
from evolve.search.individual import Individual
from evolve.session.archive import Picture
from populations.exchange.importing import Founding, read

CONFIG = castle.STABLE_DIFFUSION
TEXT = "a café 猫\nNegative prompt: hat\nSteps: 9, Sampler: Euler, Seed: 42"
"""As the web UI writes it."""


def encode(given: Picture) -> Base:
    return Base(np.zeros((4, 64, 64), np.float16), given)


def founder(file: Path, **options: Any) -> tuple[Individual, str]:
    """Return what a file founds, and its note."""
    founding = Founding(CONFIG, encode, **{"depth": 0.5, **options})
    (found,) = founding.rows([read(file)], first=0, generation=0)
    assert isinstance(found, Individual)
    notes = [note for note in founding.notes if note.startswith(str(file))]
    assert len(notes) < 2
    return found, notes[0].removeprefix(f"{file}: ") if notes else ""


def png(file: Path, **texts: str) -> Path:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_itxt(key.replace("__", "-"), text)
    Image.new("RGB", (8, 8)).save(file, pnginfo=info)
    return file
