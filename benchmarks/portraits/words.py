"""Does the picture show what the words ask for?

Paints held-out prompts (natural captions; combinations that never occurred in training), one
picture each, not picked, and lets the judge read them. Beside each share stands the judge's own:
how often it is right about the real art that the prompt was made from. Prompts that ask for what
the model was never shown together, as fancier says when they are typed, are counted and left out.
The last line is the share of backgrounds that have no colour of the art, as where several are mixed
to grey (or something else is in the corner).

    python -m benchmarks.portraits.words [--prompts 1000] [--steps N] [--guidance G] [--sheet FILE]
        [--judge second] [--weights FOLDER ...]
"""

from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.portraits.held_out import Held, held_out, meant, pictures
from benchmarks.portraits.judges import JUDGES, load_judge
from benchmarks.portraits.judging.backgrounds import mixed
from benchmarks.portraits.painting import SHIPPED, add_weights, genome, paint
from benchmarks.scripting.command_line import parser_of
from evolve import Prompt, describe
from evolve.models.words.meanings import apart_remark

GOALS = {
    "style": 99.5, "background": 99, "hair_colour": 99, "glasses or none": 97, "mouth": 95,
    "beard": 94, "clothes": 88, "hat_colour": 85,
}  # fmt: skip


def right(
    faces: list[Held], read: list[dict[str, str]], *, of: str = "asked"
) -> dict[str, list[bool]]:
    """For every attribute, whether each asked (or seen) value was read.

    Where words mean several values, any of them is right: "glasses" are round or square.
    """
    answers: dict[str, list[bool]] = defaultdict(list)
    for face, answer in zip(faces, read, strict=True):
        wanted = {a: {v} for a, v in face.seen.items()} if of == "seen" else meant(face)
        for attribute, values in wanted.items():
            answers[attribute].append(answer[attribute] in values)
            if attribute == "glasses":
                same = (answer["glasses"] == "none") == (values == {"none"})
                answers["glasses or none"].append(same)
    return answers


def main() -> None:
    """Paint, judge and print a table."""
    parser = parser_of(__doc__)
    add_weights(parser)
    parser.add_argument("--prompts", type=int, default=1000)
    parser.add_argument("--steps", type=int, help="instead of each model's own")
    parser.add_argument("--guidance", type=float, help="instead of each model's own")
    parser.add_argument("--judge", choices=JUDGES, default="first", help="who reads the pictures")
    parser.add_argument("--sheet", type=Path, help="also write the first 96 pictures here")
    args = parser.parse_args()

    faces = held_out()
    judge = load_judge(args.judge)
    real = right(faces[: len(pictures())], judge.read(pictures()), of="seen")
    card, every = describe(SHIPPED), faces[: args.prompts]
    together = [
        (k, face)
        for k, face in enumerate(every)
        if not apart_remark(card, Prompt.parse(face.prompt))
    ]
    faces = [face for _, face in together]
    made, by, grey = [], [], []
    for k, model in enumerate(args.weights):
        settings = describe(model).settings
        settings = replace(
            settings,
            steps=args.steps or settings.steps,
            guidance_scale=args.guidance or settings.guidance_scale,
        )
        by.append(f"{settings.steps} steps, guidance {settings.guidance_scale:g}")
        painted = paint([genome(f.prompt, settings, 0, n) for n, f in together], model, args.keep)
        made.append(right(faces, judge.read(painted)))
        grey.append(mixed(painted))
        if args.sheet:
            tiles = painted[:96].reshape(8, 12, *painted.shape[1:]).transpose(0, 2, 1, 3, 4)
            file = args.sheet.with_stem(f"{args.sheet.stem}_{k}") if k else args.sheet
            Image.fromarray(tiles.reshape(8 * painted.shape[1], -1, 3)).save(file)

    print(f"{len(faces)} held-out prompts")
    print(f"{len(every) - len(faces)} more ask for what was never shown together: left out")
    for k, (model, how) in enumerate(zip(args.weights, by, strict=True), 1):
        print(f"{k}: {model}, {how}")
    heads = "".join(f"{k:>9}" for k in range(1, len(made) + 1))
    print(f"{'present':<18}{heads}{'of':>6}{'judge on real art':>20}{'goal':>8}")
    for attribute in sorted(made[0], key=lambda a: (a not in GOALS, a)):
        goal = f"{GOALS[attribute]} %" if attribute in GOALS else ""
        shares = "".join(f"{np.mean(one[attribute]):9.1%}" for one in made)
        ceiling = np.mean(real[attribute])
        print(f"{attribute:<18}{shares}{len(made[0][attribute]):6d}{ceiling:20.1%}{goal:>8}")
    shares = "".join(f"{share:9.1%}" for share in grey)
    print(f"{'a mixed background':<18}{shares}{len(faces):6d}{mixed(pictures()):20.1%}")


if __name__ == "__main__":
    main()
