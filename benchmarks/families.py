"""Are mixed crowds of every family painted as one by one, and to the same bits in any crowd?

For each family a small pipeline of its real classes, with random weights, paints four genomes that
differ in prompt, guidance, steps and sampler:

- differ: the largest difference of the crowd's latents from those painted one by one, as a share
  of the largest value (another number of rows means other kernels, so it is not nought);
- alone, reversed: whether latents are bit-equal when each genome is painted in a crowd of its own,
  and in reverse order;
- other rows: whether they stay bit-equal in forwards of 4 rows instead of 12;
- outside: whether the latents outside of a region that is painted over stay bit-equal;
- forwards: of the denoiser, for the crowd and one by one.

    python -m benchmarks.families [--threads 1] [FAMILY ...]
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import diffusers
import numpy as np
import torch
import transformers

# Tables and tests are about the same pipelines and crowds.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests/helpers/evolve"))

from crowds import Latent, forwards, latents, one_by_one, paint, population, repainted
from families import FAMILIES, model_of


def same(some: Sequence[Latent], others: Sequence[Latent]) -> bool:
    """Return whether latents are bit-equal."""
    return all(np.array_equal(a, b) for a, b in zip(some, others, strict=True))


def difference(crowd: Sequence[Latent], alone: Sequence[Latent]) -> float:
    """Return the largest difference, as a share of the largest value of a latent."""
    return max(
        float(np.abs(a.astype(float) - b).max() / np.abs(b).max())
        for a, b in zip(crowd, alone, strict=True)
    )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("families", nargs="*", metavar="FAMILY", help="all, if none is named")
    parser.add_argument("--threads", type=int, default=1, help="more only hinder such small models")
    args = parser.parse_args()
    if unknown := sorted(set(args.families) - set(FAMILIES)):
        parser.error(f"no family is called {unknown[0]}: choose from {', '.join(FAMILIES)}")
    torch.set_num_threads(args.threads)
    warnings.simplefilter("ignore")  # of the libraries about their own parts
    diffusers.logging.set_verbosity_error()
    transformers.logging.set_verbosity_error()

    print(f"torch {torch.__version__}, processor, float32, {args.threads} threads")
    columns = (
        "differ",
        "alone",
        "reversed",
        "other rows",
        "outside",
        "forwards",
        "one by one",
    )
    print(f"{'family':<22}" + "".join(f"{name:>11}" for name in columns))
    for family in args.families or FAMILIES:
        model = model_of(family)
        genomes = population(model)
        together, singly = (paint(each, genomes) for each in (model, one_by_one(model)))
        crowd = latents(together)
        alone = [latents(paint(model, [genome]))[0] for genome in genomes]
        backwards = latents(paint(model, genomes[::-1]))[::-1]
        fewer = latents(paint(replace(model, rows=4), genomes))
        edited, mask = repainted(model, crowd)
        changed = latents(paint(model, edited))
        values = (
            f"{difference(crowd, latents(singly)):.1e}",
            "equal" if same(alone, crowd) else "DIFFERENT",
            "equal" if same(backwards, crowd) else "DIFFERENT",
            "equal" if same(fewer, crowd) else "DIFFERENT",
            "equal"
            if same([c[:, ~mask] for c in changed], [c[:, ~mask] for c in crowd])
            else "DIFFERENT",
            forwards(together),
            forwards(singly),
        )
        print(f"{family:<22}" + "".join(f"{value:>11}" for value in values), flush=True)


if __name__ == "__main__":
    main()
