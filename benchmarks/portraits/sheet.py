"""What does the embedded model paint when nobody picks? Writes the contact sheet of its card.

Sixteen founders for each of four prompts, two rows a prompt, in the order they were painted.

    python -m benchmarks.portraits.sheet [--to FILE] [--weights FOLDER] [--more]

With `--more` eight founders of each of eight prompts, one row a prompt: those of the card and four
that are not on it.
"""

from pathlib import Path

from PIL import Image

from benchmarks.portraits.painting import SHIPPED
from benchmarks.scripting.command_line import parser_of
from evolve import Prompt, Search, describe, load_renderer
from evolve.models import portraits

PROMPTS = (
    "a smiling woman with red hair and glasses",
    "a man with a beard, blue background",
    "a face without a mouth, black and white drawing",
    "a laughing person with blonde hair, pink background, cartoon",
)
MORE = (
    "an old man with grey hair and a moustache, hand drawn, yellow background",
    "a sad girl with pigtails, pixel art",
    "a person in a red hat, doodle",
    "a woman with long black hair, earrings and a green shirt",
)
PICTURES, COLUMNS = 64, 8


def main() -> None:
    """Paint and write the sheet."""
    parser = parser_of(__doc__)
    card = Path(portraits.__file__).with_name("contact_sheet.png")
    parser.add_argument("--to", type=Path, default=card)
    parser.add_argument("--weights", default=SHIPPED, metavar="FOLDER", help="model folder")
    parser.add_argument("--more", action="store_true", help="eight prompts, eight pictures each")
    args = parser.parse_args()
    prompts = PROMPTS + MORE if args.more else PROMPTS
    model = describe(args.weights)
    genomes = [
        founder.genome
        for seed, prompt in enumerate(prompts, start=100)
        for founder in Search(
            seed=seed, prompt=Prompt.parse(prompt), shape=model.latent, settings=model.settings
        ).ask(PICTURES // len(prompts))
    ]
    with load_renderer(args.weights) as renderer:
        pictures = renderer.paint(genomes)
    height, width = model.pixels
    sheet = Image.new("RGB", (COLUMNS * width, len(pictures) // COLUMNS * height))
    for k, picture in enumerate(pictures):
        sheet.paste(Image.fromarray(picture), (k % COLUMNS * width, k // COLUMNS * height))
    sheet.save(args.to, optimize=True)


if __name__ == "__main__":
    main()
