"""Is the weight of a word how much of it is in the picture, and of nothing else?

Three questions, each by several rules in one run (`evolve.genome.prompt`): words that are written
into a base, or below 0 into the negative prompt; as in format 1.4, where below 0 leads away from
them in the encodings; added one by one, as in format 1.3; and, as before, the weighted mean of
texts that are encoded apart.

1. Sweeps: a held-out caption as the base, one concept of which it says nothing, weights from -1 to
   2, the same noises for all; the share of pictures that show the concept should never fall while
   the weight rises. Of one concept, the second and third rule are the same, and above 0 the first.
2. At weights -1, -.5 and .3, which of nine other attributes are read as they are without the
   concept? Beside it the judge itself: the same pictures moved by two pixels.
3. A fourth concept is added to three of weight 1: what happens to the shares of these?

    python -m benchmarks.portraits.weights [--noises 16] [--sweeps 24] [--judge first|second]
        [--rules split written] [--keep FOLDER] [--sheet FILE]
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.portraits.held_out import held_out
from benchmarks.portraits.judges import JUDGES, load_judge
from benchmarks.portraits.judging.steadiness import MOVES
from benchmarks.portraits.painting import SHIPPED, paint
from benchmarks.portraits.painting import genome as fresh
from benchmarks.scripting.command_line import parser_of
from evolve import Genome, Prompt, describe, load_renderer
from evolve.genome.prompt import ADDED, SPLIT, WRITTEN
from evolve.models.portraits.training.faces.attributes import CLASSES
from evolve.models.words.asking import HIDDEN
from evolve.models.words.meanings import meanings_of
from evolve.rendering.painting import OwnedRenderer

WEIGHTS = (-1.0, -0.5, 0.0, 0.3, 0.5, 1.0, 1.5, 2.0)
SLIGHT = (-1.0, -0.5, 0.3)
"""Weights at which other attributes are compared with those at 0."""
FOURTH = (1.0, 0.5)
ASKS = 4
"""Things that a caption asks for at least."""
WATCHED = (
    "style", "hair", "hair_colour", "skin", "mouth", "glasses", "beard", "hat", "background",
    "clothes_colour",
)  # fmt: skip
PHRASES = {
    "hair_colour": {v: f"{v} hair" for v in ("red", "blue", "blonde", "green")},
    "glasses": {"round": "round glasses", "square": "square glasses", "sunglasses": "sunglasses"},
    "beard": {"beard": "a beard", "moustache": "a moustache", "goatee": "a goatee"},
    "hat": {"cap": "a cap", "beanie": "a beanie", "hat": "a hat", "turban": "a turban"},
    "mouth": {"smile": "a smile", "sad": "sad", "open": "an open mouth", "laugh": "laughing"},
    "background": {v: f"a {v} background" for v in ("blue", "yellow", "pink")},
}  # fmt: skip
"""What is asked for, in the model's plainest words."""

Rule = Callable[[str], Prompt]

MEAN = "mean"


def _added(text: str) -> Prompt:
    return replace(Prompt.typed(text), rule=ADDED)


def _written(text: str) -> Prompt:
    """Return a prompt by the rule of format 1.4; the same prompt where no weight is below 0."""
    prompt = Prompt.typed(text)
    below = any(concept.weight < 0 for concept in prompt.concepts)
    return replace(prompt, rule=WRITTEN) if below else prompt


RULES: dict[str, Rule] = {
    SPLIT: Prompt.typed,
    WRITTEN: _written,
    ADDED: _added,
    MEAN: Prompt.parse,
}


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing to ask for."""

    attribute: str
    value: str

    @property
    def words(self) -> str:
        """The phrase for it."""
        return PHRASES[self.attribute][self.value]


def bases() -> list[tuple[str, list[Concept]]]:
    """Return a base for every style, and what training showed with it."""
    meanings = meanings_of(describe(SHIPPED))
    assert meanings is not None
    found = []
    for style, seen in meanings.seen["style"].items():
        known = [
            Concept(attribute, value)
            for attribute, values in PHRASES.items()
            for value in values
            if value in seen.get(attribute, ())
        ]
        found.append((f"a face, {meanings.says('style', style)}", known))
    return found


def sweeps(count: int) -> list[tuple[str, Concept]]:
    """Return held-out captions with a concept of which they say nothing, of all attributes."""
    meanings = meanings_of(describe(SHIPPED))
    assert meanings is not None
    draw, faces = np.random.default_rng(5), iter(held_out())
    chosen: list[tuple[str, Concept]] = []
    while len(chosen) < count:
        face, attribute = next(faces), [*PHRASES][len(chosen) % len(PHRASES)]
        seen = meanings.seen["style"].get(face.asked.get("style", ""), {})
        values = [v for v in PHRASES[attribute] if v in seen.get(attribute, ())]
        if values and attribute not in face.asked and len(face.asked) >= ASKS:
            value = values[int(draw.integers(len(values)))]
            chosen.append((face.prompt, Concept(attribute, value)))
    return chosen


class Reading:
    """Paints and reads."""

    def __init__(self, renderer: OwnedRenderer, keep: Path | None, judge: str) -> None:
        self._renderer, self._keep = renderer, keep
        self._judge = load_judge(judge)
        self._settings = describe(SHIPPED).settings

    def pictures(self, prompts: Sequence[Prompt], noises: int, place: int) -> np.ndarray:
        """(prompts, noises, 128, 128, 3): every prompt on the same noises."""
        starts = [fresh("a face", self._settings, 7, 1000 * place + k) for k in range(noises)]
        crowds = [[Genome(s.noise, p, self._settings) for s in starts] for p in prompts]
        return np.stack([paint(crowd, SHIPPED, self._keep, self._renderer) for crowd in crowds])

    def read(self, pictures: np.ndarray) -> np.ndarray:
        """(..., attributes): the number of each value in `CLASSES`, of (..., 128, 128, 3)."""
        answers = self._judge.read(pictures.reshape(-1, *pictures.shape[-3:]))
        numbers = [[[*CLASSES[a]].index(one[a]) for a in WATCHED] for one in answers]
        return np.array(numbers).reshape(*pictures.shape[:-3], len(WATCHED))

    def shows(self, read: np.ndarray, concept: Concept) -> np.ndarray:
        """Whether a concept is read, of (..., attributes)."""
        value = [*CLASSES[concept.attribute]].index(concept.value)
        found: np.ndarray = read[..., WATCHED.index(concept.attribute)] == value
        return found


def typed(base: str, concepts: Sequence[Concept], weight: float = 1.0) -> str:
    """Return a base and concepts of one weight, as a person types them."""
    return " | ".join([base, *(f"{c.words} :{weight:g}" for c in concepts)])


def sweep_all(
    reading: Reading,
    places: range,
    noises: int,
    rules: Sequence[str],
    sheet: Path | None,
) -> None:
    """Print answers to the first two questions."""
    rules = [rule for rule in rules if rule != ADDED]
    falls: dict[str, list[float]] = {rule: [] for rule in rules}
    shares: dict[str, list[list[float]]] = {rule: [] for rule in rules}
    kept: dict[str, list[list[float]]] = {rule: [] for rule in rules}
    again: list[float] = []
    rows = []
    known = sweeps(places.stop)
    for place in places:
        base, concept = known[place]
        for rule in rules:
            parse = RULES[rule]
            weights = [w for w in WEIGHTS if rule != MEAN or w >= 0]
            prompts = [
                parse(typed(base, [concept], w)) if w else Prompt.typed(base) for w in weights
            ]
            painted = reading.pictures(prompts, noises, place)
            read = reading.read(painted)
            share = reading.shows(read, concept).mean(1)
            shares[rule].append([float("nan")] * (len(WEIGHTS) - len(weights)) + share.tolist())
            falls[rule].append(max(a - b for a, b in pairwise(share)))
            others = [k for k, a in enumerate(WATCHED) if a != concept.attribute]
            bare, by_weight = read[weights.index(0)], dict(zip(weights, read, strict=True))
            slight = [by_weight.get(w) for w in SLIGHT]
            kept[rule].append(
                [np.nan if s is None else (bare == s)[..., others].mean() for s in slight]
            )
            if rule == rules[0]:
                still = painted[weights.index(0)]
                moved = [reading.read(np.roll(still, move, (1, 2))) for move in MOVES]
                again.append(float(np.mean([(m == bare)[..., others].mean() for m in moved])))
                rows.append(np.hstack(list(painted[:, 0])))
        for rule in rules:
            cells = "".join(f"{one:6.0%}" for one in shares[rule][-1])
            print(f"{base + ' | ' + concept.words:<52.52}{rule:<8}{cells}", flush=True)
    print(f"\nshare of pictures that show the concept, {len(places)} sweeps of {noises} noises")
    print(f"{'rule':<8}" + "".join(f"{w:>7g}" for w in WEIGHTS))
    for rule, all_shares in shares.items():
        print(f"{rule:<8}" + "".join(f"{s:7.0%}" for s in np.mean(all_shares, 0)))
    heads = "".join(f"{f'others kept at {w:g}':>21}" for w in SLIGHT)
    print(f"\n{'rule':<8}{'never falls':>13}{'by 1 picture at most':>22}{heads}")
    for rule in rules:
        fallen = np.array(falls[rule])
        print(
            f"{rule:<8}{np.mean(fallen <= 0):13.0%}{np.mean(fallen <= 1 / noises + 1e-9):22.0%}"
            + "".join(f"{one:21.1%}" for one in np.mean(kept[rule], 0))
        )
    if again:
        print(f"the judge about the same pictures, moved by two pixels: {np.mean(again):.1%}")
    if sheet:
        Image.fromarray(np.vstack(rows)).save(sheet)


def _hides(concepts: Sequence[Concept]) -> bool:
    """Return whether one of several things hides another."""
    hidden = {a for concept in concepts for a in HIDDEN.get(concept.attribute, ())}
    return any(concept.attribute in hidden for concept in concepts)


def cases(seed: int) -> list[tuple[str, list[Concept]]]:
    """Return a bare base for each style, twice, with four concepts that training showed with it."""
    attributes = ("hair_colour", "glasses", "background", "mouth", "beard", "hat")
    draw = np.random.default_rng(seed)
    chosen: list[tuple[str, list[Concept]]] = []
    for base, known in bases():
        options = {a: [c for c in known if c.attribute == a] for a in attributes}
        usable = [a for a in attributes if options[a]]
        for _ in range(2):
            if len(usable) < 4:
                continue
            order = draw.permutation(usable)[:4]
            chosen.append((base, [options[a][int(draw.integers(len(options[a])))] for a in order]))
    return chosen


def fourth(reading: Reading, noises: int, rules: Sequence[str], seed: int) -> None:
    """Print the answer to the third question."""
    chosen = cases(seed)
    seen = np.array([not _hides(concepts) for _, concepts in chosen])
    print(f"\nthree concepts of weight 1, then a fourth; {len(chosen)} cases of {noises} noises")
    print(
        f"in {(~seen).sum()} of them a hat hides the hair whose colour is asked for: the change "
        "without those is in brackets"
    )
    print(
        f"{'rule':<10}{'weight':>8}{'three':>9}{'with a fourth':>15}{'change':>9}{'+-':>7}"
        f"{'the fourth':>12}{'(change':>9}{'+-)':>7}"
    )
    for rule in rules:
        parse = RULES[rule]
        for weight in FOURTH:
            three, four, last = [], [], []
            for place, (base, concepts) in enumerate(chosen, start=1000 * (seed - 5)):
                before = typed(base, concepts[:3])
                prompts = [parse(before), parse(typed(before, concepts[3:], weight))]
                read = np.stack(
                    [reading.read(reading.pictures([p], noises, place)[0]) for p in prompts]
                )
                shown = np.stack([reading.shows(read, c).mean(1) for c in concepts])
                three.append(shown[:3, 0].mean())
                four.append(shown[:3, 1].mean())
                last.append(shown[3, 1])
            change = np.array(four) - three
            errors = [1.96 * c.std(ddof=1) / np.sqrt(len(c)) for c in (change, change[seen])]
            print(
                f"{rule:<10}{weight:8g}{np.mean(three):9.1%}{np.mean(four):15.1%}"
                f"{change.mean():+9.1%}{errors[0]:7.1%}{np.mean(last):12.1%}"
                f"{change[seen].mean():+9.1%}{errors[1]:7.1%}",
                flush=True,
            )


def main() -> None:
    """Paint, judge and print tables."""
    parser = parser_of(__doc__)
    parser.add_argument("--noises", type=int, default=16)
    parser.add_argument("--sweeps", type=int, default=24)
    parser.add_argument("--first", type=int, default=0, help="sweeps before it are left out")
    parser.add_argument("--judge", choices=JUDGES, default="second", help="(default: second)")
    parser.add_argument("--only-sweeps", action="store_true", help="no fourth concept")
    parser.add_argument("--rules", nargs="+", choices=RULES, default=list(RULES))
    parser.add_argument("--seed", type=int, default=6, help="of the cases of the last")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep painted pictures here")
    parser.add_argument("--sheet", type=Path, help="also write one row of every sweep here")
    args = parser.parse_args()
    with load_renderer(SHIPPED) as renderer:
        reading = Reading(renderer, args.keep, args.judge)
        if args.sweeps:
            places = range(args.first, args.sweeps)
            sweep_all(reading, places, args.noises, args.rules, args.sheet)
        if not args.only_sweeps:
            fourth(reading, args.noises, args.rules, args.seed)


if __name__ == "__main__":
    main()
