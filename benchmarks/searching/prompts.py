"""Prompts for searches: what no portrait of the training shows together.

The prompts of `benchmarks.portraits.hard` are rare, but the embedded model paints them nearly
always. These ask for four things of which at least two never occur together on any of the thousand
held-out faces, for they belong to different styles; of those the ones are taken whose median
founder is not right, as the first judge reads it.
"""

import random
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

from benchmarks.portraits.hard import LARGE, SMALL, caption_of
from benchmarks.portraits.held_out import Held, as_line, held_out, read_faces

FILE = Path(__file__).with_name("prompts.jsonl")
HIDES = (
    ("glasses", "sunglasses", {"eyes"}),
    ("extra", "facemask", {"mouth", "beard"}),
    ("extra", "eyepatch", {"eyes", "glasses"}),
)
"""What cannot be seen beside a thing."""


def prompts() -> list[Held]:
    """The prompts, in the order in which they were drawn."""
    return read_faces(FILE)


def is_told(asked: Held) -> bool:
    """Whether all that a prompt asks for can be told apart from pictures without it.

    Reader and judges have learnt closed eyes from winking ones, and cat ears from masks, but not
    from faces without either: they find one in every picture.
    """
    return not asked.asked.keys() & {"eyes", "extra"}


def drawn(seed: int) -> Held | None:
    """A prompt drawn at random; None if nothing came of it."""
    rng = random.Random(f"searching {seed}")
    seen = [face.seen for face in held_out()]
    kinds = [*rng.sample(SMALL, 3), rng.choice(LARGE)]
    asked = {}
    for kind in kinds:
        values = sorted({face[kind] for face in seen if face.get(kind, "none") != "none"})
        asked[kind] = rng.choice(values)
    if any(asked.get(a) == value and asked.keys() & hidden for a, value, hidden in HIDES):
        return None
    if all(_together(seen, asked, pair) for pair in combinations(asked, 2)):
        return None
    text = caption_of(f"searching {seed}", asked, asked)
    return None if text is None else Held(text, asked, asked)


def _together(seen: list[dict[str, str]], asked: dict[str, str], pair: tuple[str, str]) -> bool:
    return any(all(face.get(a) == asked[a] for a in pair) for face in seen)


def choose(count: int, is_hard: Callable[[int, Held], bool]) -> list[Held]:
    """The first prompts that are hard, as `is_hard` says of a seed and a prompt."""
    chosen: list[Held] = []
    seed = 0
    with FILE.open("w", encoding="utf-8") as file:
        while len(chosen) < count:
            one = drawn(seed)
            if one is not None and is_hard(seed, one):
                chosen.append(one)
                print(as_line(one), end="", file=file, flush=True)
            seed += 1
    return chosen
