"""How true and how even are the pictures that the decoder makes?

Real held-out pictures are encoded and decoded again: the mean absolute error, and how much
neighbours that are alike in the art differ afterwards, both in levels of 0 to 255. Then pictures
are painted for held-out prompts: the share of neighbours that differ by 2 to 24 levels. Flat art
has few of those; smears and mottled areas are made of them.

    python -m benchmarks.portraits.decoder [--weights FOLDER ...] [--prompts 256]
"""

import numpy as np
import torch
from diffusers import AutoencoderKL
from numpy.typing import NDArray

from benchmarks.portraits.held_out import held_out, pictures
from benchmarks.portraits.painting import add_weights, genome, paint
from benchmarks.scripting.command_line import parser_of
from benchmarks.scripting.intervals import written
from evolve import describe

SEED = 5
"""Of the noises."""
SOFT = (2, 24)


def main() -> None:
    """Decode, paint and print a table."""
    parser = parser_of(__doc__)
    add_weights(parser)
    parser.add_argument("--prompts", type=int, default=256)
    args = parser.parse_args()
    art, faces = pictures(), held_out()[: args.prompts]
    print(f"{'':<28}{'error':>20}{'unevenness':>20}{'soft, painted':>26}")
    print(f"{'art':<28}{'':>20}{'':>20}{written(soft(art), '{:.1%}'):>26}")
    for weights in args.weights:
        card = describe(weights)
        made = decoded(AutoencoderKL.from_pretrained(card.folder / "vae").eval(), art)
        genomes = [genome(face.prompt, card.settings, SEED, k) for k, face in enumerate(faces)]
        painted = soft(paint(genomes, weights, args.keep))
        error = np.abs(made - art.astype(float)).mean((1, 2, 3))
        levels = "".join(
            f"{written(each, '{:.2f}'):>20}" for each in (error, unevenness(made, art))
        )
        print(f"{weights[-27:]:<28}{levels}{written(painted, '{:.1%}'):>26}")


@torch.no_grad()
def decoded(vae: AutoencoderKL, images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return pictures (n, height, width, 3) as the VAE gives them back, 0 to 255."""
    rows = torch.from_numpy(images).permute(0, 3, 1, 2).float().div(127.5).sub(1)
    made = torch.cat([vae.decode(vae.encode(r).latent_dist.mode()).sample for r in rows.split(16)])
    kept: NDArray[np.float64] = made.clamp(-1, 1).add(1).mul(127.5).permute(0, 2, 3, 1).numpy()
    return kept


def unevenness(made: NDArray[np.float64], art: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return for each picture how much neighbours differ that do not in the art, in levels."""
    ends = []
    for axis in (1, 2):
        alike = np.diff(art.astype(float), axis=axis) == 0
        uneven = np.abs(np.diff(made, axis=axis))
        ends.append((uneven * alike).sum((1, 2, 3)) / alike.sum((1, 2, 3)))
    return np.mean(ends, axis=0)


def soft(images: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return for each picture the share of neighbours that differ a little (`SOFT`), per colour."""
    shares = []
    for axis in (1, 2):
        steps = np.abs(np.diff(images.astype(np.int16), axis=axis))
        shares.append(((steps >= SOFT[0]) & (steps <= SOFT[1])).mean((1, 2, 3)))
    return np.mean(shares, axis=0)


if __name__ == "__main__":
    main()
