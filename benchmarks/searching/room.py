"""Is there anything for a search to do where the prompt says what is wanted?

How many of twelve founders show all that a prompt asks for, as the first judge reads it: three
things that are rare together (`benchmarks.portraits.hard`), four that never occur together
(`benchmarks.searching.prompts`), six of one held-out face. Where most founders are right there is
nothing to find; where none is, nothing shows the way. With `--silent` the prompt is `BARE`, and the
score alone knows what is wanted. "Most" are prompts of which more than half of the founders are
right, "some" those of which one to three are.

    python -m benchmarks.searching.room [--prompts 24] [--silent]
"""

import random
from collections.abc import Iterator
from itertools import count, islice

import numpy as np

from benchmarks.headless import BARE, MODEL, TUNED_ON, right
from benchmarks.portraits.hard import LARGE, SMALL, clear, hard
from benchmarks.portraits.held_out import ASKING, Held, held_out
from benchmarks.scripting.command_line import parser_of
from benchmarks.searching import prompts
from benchmarks.searching.measures import HeldOut
from evolve import Prompt, load_renderer
from evolve.models.portraits.training.faces.attributes import WORDS

PAGE = 12
MANY = 6
"""Things of one held-out face."""
RARELY = PAGE // 4
"""At most so many founders are right where there is something to find."""


def whole() -> Iterator[Held]:
    """Prompts that ask for six things of one held-out face, in words that mean nothing else."""
    for seed in count():
        rng = random.Random(f"six things {seed}")
        seen = rng.choice(held_out()).seen
        there = [a for a in (*SMALL, *LARGE) if seen.get(a, "none") != "none" and a != "style"]
        if len(there) < MANY:
            continue
        asked = {a: seen[a] for a in rng.sample(there, MANY)}
        words = {a: [w for w in WORDS[a][v] if clear(w, {a: v})] for a, v in asked.items()}
        if not all(words.values()):
            continue
        text = ", ".join(["person", *(rng.choice(words[a]) for a in asked)])
        face = Held(text, asked, asked)
        read = {one.attribute for one in ASKING.asked(Prompt.parse(text)) if one.wanted}
        if prompts.is_told(face) and read >= set(asked):  # else a colour is that of nothing
            yield face


def main() -> None:
    """Print a row for each kind of prompt."""
    parser = parser_of(__doc__)
    parser.add_argument("--prompts", type=int, default=24)
    parser.add_argument("--silent", action="store_true", help="the prompt says nothing of it")
    args = parser.parse_args()
    kinds = {
        "three, rare together": [face for face in hard() if prompts.is_told(face)],
        "four, never together": [face for face in prompts.prompts() if prompts.is_told(face)],
        "six of one face": list(islice(whole(), TUNED_ON + args.prompts)),
    }
    heads = ("prompts", "right", "most", "some", "none")
    print(f"{'things':<24}" + "".join(f"{head:>9}" for head in heads))
    judge = HeldOut("first")
    with load_renderer(MODEL) as renderer:
        for name, faces in kinds.items():
            chosen = faces[TUNED_ON : TUNED_ON + args.prompts]
            texts = [BARE if args.silent else face.prompt for face in chosen]
            counts = np.array(
                [
                    right(renderer, judge, face, PAGE, seed=7000 + k, text=text)
                    for k, (face, text) in enumerate(zip(chosen, texts, strict=True))
                ]
            )
            none, some = counts == 0, (counts > 0) & (counts <= RARELY)
            shares = (counts.mean() / PAGE, (counts > PAGE / 2).mean(), some.mean(), none.mean())
            cells = "".join(f"{share:9.0%}" for share in shares)
            print(f"{name:<24}{len(counts):9d}{cells}", flush=True)


if __name__ == "__main__":
    main()
