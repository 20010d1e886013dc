"""A few composed faces, with noise for pixels: what stages of the recipe are tried with."""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np

from evolve.models.portraits.training.faces.attributes import WORDS
from evolve.models.portraits.training.faces.dataset import PIXELS

FACES = 22


def record(k: int) -> dict[str, Any]:
    """Return what is known of a face."""
    draw = random.Random(k)
    seen = {a: draw.choice(list(WORDS[a])) for a in ("hair", "mouth", "glasses", "background")}
    seen |= {"beard": "none", "hat": "none", "hair_colour": "red"}
    parts = {"mouth": f"variant{k % 3:02}"}
    return {
        "style": "micah",
        "attributes": {"style": "micah", **seen},
        "parts": parts,
        "held_out": k % 2 == 0,
    }


def compose_faces(work: Path) -> Path:
    """Write the faces, and latents of them, to a work folder; return it."""
    (work / "data").mkdir()
    lines = [json.dumps(record(k)) + "\n" for k in range(FACES)]
    (work / "data/faces.jsonl").write_text("".join(lines))
    pixels = np.random.default_rng(0).integers(0, 255, (FACES, PIXELS, PIXELS, 3), np.uint8)
    (work / "data/faces.u8").write_bytes(pixels.tobytes())
    draw = np.random.default_rng(1).standard_normal((FACES, 8, 16, 16))
    (work / "latents.f16").write_bytes(draw.astype(np.float16).tobytes())
    return work
