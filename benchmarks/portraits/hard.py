"""Hard prompts: 64 that ask for three things which hardly ever come together.

Each asks for three attributes of one held-out face, small things among them, that occur together in
less than one in a hundred training faces (but do occur), and for nothing else.

    python -m benchmarks.portraits.hard --work DIR

chooses them again (`faces/hard.jsonl`) from the data of `evolve.models.portraits.training.train`.
"""

import random
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from benchmarks.portraits.held_out import Held, as_line, read_faces
from benchmarks.scripting.command_line import parser_of
from evolve.models.portraits.training.faces.attributes import CLASSES, WORDS, labels, visible
from evolve.models.portraits.training.faces.dataset import Faces
from evolve.models.portraits.training.words.captions import caption
from evolve.models.portraits.training.words.known_words import vocabulary
from evolve.models.words.vocabulary import strangers

FILE = Path(__file__).parent / "faces" / "hard.jsonl"
PROMPTS = 64
RARE = 0.01
SMALL = ("mouth", "eyes", "glasses", "beard", "hat", "earrings", "extra", "clothes")
"""What fills few pixels: two of the three."""
LARGE = ("style", "hair", "hair_colour", "skin", "clothes_colour", "background")


def hard() -> list[Held]:
    """The 64 prompts; what is seen is what is asked."""
    return read_faces(FILE)


def triples(seen: dict[str, str]) -> list[tuple[str, str, str]]:
    """The attributes of a face that a hard prompt may ask for together; nothing absent."""
    there = [a for a, v in seen.items() if v != "none" or a == "mouth"]
    small = combinations([a for a in there if a in SMALL], 2)
    return [(one, two, large) for one, two in small for large in there if large in LARGE]


def caption_of(key: str, seen: dict[str, str], asked: dict[str, str]) -> str | None:
    """A caption that mentions `asked` and nothing else, in known words; None if none was found."""
    silent = {"beard": "none", "hat": "none", "hair": seen.get("hair", "short")} | asked
    for attempt in range(400):
        text, mentioned = caption(random.Random(f"{key} {attempt}"), silent)
        if mentioned == set(asked) and not strangers(vocabulary(), [text]) and clear(text, asked):
            return text
    return None


def clear(text: str, asked: dict[str, str]) -> bool:
    """Whether no word for what is asked means something else as well ("glasses", "shirt")."""
    for attribute, value in asked.items():
        phrase = max((w for w in WORDS[attribute][value] if w in text), key=len, default="")
        if any(phrase in words for v, words in WORDS[attribute].items() if v != value):
            return False
    return True


def choose(faces: Faces) -> list[Held]:
    """The prompts, drawn from held-out faces; no three values come twice, no three kinds often."""
    seen = [visible(record) for record in faces.records]
    known = torch.tensor([labels(seen[i]) for i in faces.training]).numpy()
    chosen: dict[tuple[tuple[str, str], ...], Held] = {}
    kinds: dict[tuple[str, str, str], int] = {}
    for i in np.random.default_rng(1).permutation(faces.held_out):
        found = triples(seen[i])
        if not found:
            continue
        kind = random.Random(f"hard {i}").choice(found)
        asked = {attribute: seen[i][attribute] for attribute in CLASSES if attribute in kind}
        values = tuple(asked.items())
        share = together(known, asked)
        if values in chosen or kinds.get(kind, 0) >= 3 or not 0 < share < RARE:
            continue
        if (prompt := caption_of(f"hard {i}", seen[i], asked)) is not None:
            chosen[values] = Held(prompt, asked, asked)
            kinds[kind] = kinds.get(kind, 0) + 1
        if len(chosen) == PROMPTS:
            break
    return list(chosen.values())


def together(known: npt.NDArray[np.int64], asked: dict[str, str]) -> float:
    """The share of faces, given as rows of labels, that show all that is asked."""
    columns = list(CLASSES)
    each = [known[:, columns.index(a)] == CLASSES[a].index(v) for a, v in asked.items()]
    return float(np.logical_and.reduce(each).mean())


def main() -> None:
    """Write the prompts."""
    parser = parser_of(__doc__)
    parser.add_argument("--work", type=Path, required=True)
    args = parser.parse_args()
    FILE.write_text("".join(map(as_line, choose(Faces(args.work / "data")))), encoding="utf-8")


if __name__ == "__main__":
    main()
