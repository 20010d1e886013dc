"""Held-out faces for the benchmarks: captions of a thousand, and pictures of four hundred.

    python -m benchmarks.portraits.held_out --work DIR

writes them again (`faces/held_out.jsonl` and `.webp`) from the data of
`evolve.models.portraits.training.train`; their combinations of parts never occur in its training.
"""

import json
import random
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from benchmarks.scripting.command_line import parser_of
from evolve.genome import Prompt
from evolve.models.portraits.training.faces.attributes import visible
from evolve.models.portraits.training.faces.dataset import PIXELS, Faces
from evolve.models.portraits.training.words.captions import caption
from evolve.models.portraits.training.words.known_words import meanings
from evolve.models.words.asking import Asking

ASKING = Asking(meanings([])["phrases"])
FILE = Path(__file__).parent / "faces" / "held_out.jsonl"
SHEET = FILE.with_suffix(".webp")
PROMPTS, PICTURES, COLUMNS = 1000, 400, 20


@dataclass(frozen=True, slots=True)
class Held:
    """One held-out face."""

    prompt: str
    """A caption as in training."""
    asked: dict[str, str]
    """The attributes that the prompt mentions."""
    seen: dict[str, str]
    """All that can be seen."""


@cache
def held_out() -> list[Held]:
    """The thousand faces; they are asked for again and again."""
    return read_faces(FILE)


def read_faces(file: Path) -> list[Held]:
    """Return faces that were kept as lines of JSON."""
    return [Held(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def as_line(face: Held) -> str:
    """Return a face as it is kept."""
    return json.dumps(asdict(face), ensure_ascii=False, separators=(",", ":")) + "\n"


def meant(face: Held) -> dict[str, frozenset[str]]:
    """What a prompt asks for, with all that its words may mean ("glasses": round or square)."""
    read: dict[str, set[str]] = {}
    for one in ASKING.asked(Prompt.parse(face.prompt)):
        if one.wanted:
            read.setdefault(one.attribute, set()).update(one.values)
    return {a: frozenset({value, *read.get(a, ())}) for a, value in face.asked.items()}


def pictures() -> npt.NDArray[np.uint8]:
    """(400, 128, 128, 3): the real art of the first 400."""
    with Image.open(SHEET) as image:
        sheet = np.asarray(image.convert("RGB"))
    tiles = sheet.reshape(PICTURES // COLUMNS, PIXELS, COLUMNS, PIXELS, 3).transpose(0, 2, 1, 3, 4)
    return np.ascontiguousarray(tiles).reshape(PICTURES, PIXELS, PIXELS, 3)


def main() -> None:
    """Write both files."""
    parser = parser_of(__doc__)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    faces = Faces(args.work / "data")
    chosen = np.random.default_rng(1).permutation(faces.held_out)[:PROMPTS]
    with FILE.open("w", encoding="utf-8") as file:
        for index in chosen:
            seen = visible(faces.records[index])
            prompt, mentioned = caption(random.Random(f"held out {index}"), seen)
            asked = {a: seen[a] for a in seen if a in mentioned}
            file.write(as_line(Held(prompt, asked, seen)))
    tiles = np.asarray(faces.pixels[chosen[:PICTURES]])
    rows = tiles.reshape(PICTURES // COLUMNS, COLUMNS, PIXELS, PIXELS, 3).transpose(0, 2, 1, 3, 4)
    sheet = rows.reshape(PICTURES // COLUMNS * PIXELS, COLUMNS * PIXELS, 3)
    Image.fromarray(sheet).save(SHEET, lossless=True, method=6)


if __name__ == "__main__":
    main()
