"""What does the embedded model paint when nobody picks? Writes the contact sheet of its card.

Sixteen founders for each of four prompts, two rows a prompt, in the order they were painted.

    python -m benchmarks.portraits.sheet [--to FILE] [--weights FOLDER]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image

from benchmarks.portraits.painting import SHIPPED
from evolve import Prompt, Search, describe, load_renderer
from evolve.models import portraits

PROMPTS = (
    "a smiling woman with red hair and glasses",
    "a man with a beard, blue background",
    "a face without a mouth, black and white drawing",
    "a laughing person with blonde hair, pink background, cartoon",
)
EACH, COLUMNS = 16, 8


def main() -> None:
    """Paint and write the sheet."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    card = Path(portraits.__file__).with_name("contact_sheet.png")
    parser.add_argument("--to", type=Path, default=card)
    parser.add_argument("--weights", default=SHIPPED, metavar="FOLDER", help="model folder")
    args = parser.parse_args()
    model = describe(SHIPPED)
    genomes = [
        founder.genome
        for seed, prompt in enumerate(PROMPTS, start=100)
        for founder in Search(
            seed=seed, prompt=Prompt.parse(prompt), shape=model.latent, settings=model.settings
        ).ask(EACH)
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
