"""Does each family paint what its pipeline paints by itself, in every type, and mixed crowds alike?

For each family a small pipeline of its real classes, with random weights, in each type of numbers:

- plain: the largest difference, of 255, of a picture from a plain call of the whole pipeline in
  that type, with the same noise, words, settings and sampler. In float32 it should be 0. In half
  precision it is not, since here only the denoiser rounds, and there everything does. Behind it,
  how far both are from the picture in float32: this project's, and the plain call's;
- mixed: four genomes that differ in prompt, guidance, steps and sampler, painted together: the
  largest difference of their latents from those painted one by one, as a share of the largest value
  (another number of rows means other kernels, so it is not 0);
- replays: whether latents are bit-equal when each genome is painted in a crowd of its own, and
  in reverse order;
- outside: whether the latents outside of a region that is painted over stay bit-equal;
- forwards: of the denoiser, for the crowd and one by one. Where they are equal, nothing is merged.

Beside a family stands `one by one` where the trial at its first start finds that it has to be
painted so. What fails is shown with its error.

    python -m benchmarks.families [--threads 1] [--types float32 bfloat16 float16] [FAMILY ...]
"""

import copy
import warnings
from collections.abc import Sequence

import diffusers
import numpy as np
import torch
import transformers
from crowds import Latent, forwards, latents, one_by_one, paint, population, repainted
from families import FAMILIES, MORE, model_of
from plain import plain_call

from benchmarks.scripting.command_line import parser_of
from evolve.genome import Genome, Prompt
from evolve.genome.settings import Settings
from evolve.models.loading import LoadedModel, cast
from evolve.rendering.protocol import Finished
from evolve.rendering.tuning.self_test import why_one_by_one
from evolve.session.archive import Picture

TYPES = ("float32", "bfloat16", "float16")
PROMPT, SETTINGS = Prompt.parse("a cat", "ugly"), Settings(3.0, 3, "euler")
NOISY = ("LCM", "Sana Sprint")
"""Families whose samplers draw noise of their own: two plain calls differ, too."""


def same(some: Sequence[Latent], others: Sequence[Latent]) -> bool:
    """Return whether latents are bit-equal."""
    return all(np.array_equal(a, b) for a, b in zip(some, others, strict=True))


def difference(crowd: Sequence[Latent], alone: Sequence[Latent]) -> float:
    """Return the largest difference, as a share of the largest value of a latent."""
    return max(
        float(np.abs(a.astype(float) - b).max() / np.abs(b).max())
        for a, b in zip(crowd, alone, strict=True)
    )


def levels(a: Picture, b: Picture) -> int:
    """Return the largest difference of two pictures, of 255."""
    return int(np.abs(a.astype(int) - b).max())


def plain(family: str, dtype: torch.dtype) -> str:
    """Return how far a picture is from a plain call, and that from one in float32."""
    if family in NOISY:
        return "own noise"
    whole = model_of(family, dtype=dtype)
    _round(whole, dtype)
    theirs, genome = plain_call(whole, PROMPT, SETTINGS)
    painted = picture(model_of(family, dtype=dtype), genome)
    if dtype == torch.float32:
        return str(levels(painted, theirs))
    exact = picture(model_of(family), genome)
    return f"{levels(painted, theirs)} ({levels(painted, exact)} / {levels(theirs, exact)})"


def picture(model: LoadedModel, genome: Genome) -> Picture:
    """Return what a genome is painted as, alone."""
    events = paint(one_by_one(model), [genome])
    (finished,) = (e for e in events if isinstance(e, Finished))
    return finished.picture


def _round(model: LoadedModel, dtype: torch.dtype) -> None:
    """Have all of a pipeline compute in one type, as it is done without this project."""
    pipeline = model.pipeline
    for part in ("transformer", "unet", "vae"):
        if getattr(pipeline, part, None) is not None:
            cast(getattr(pipeline, part), dtype)
    encode = pipeline.encode_prompt
    pipeline.encode_prompt = lambda *args, **kwargs: _cast(encode(*args, **kwargs), dtype)


def _cast(value: object, dtype: torch.dtype) -> object:
    if isinstance(value, list | tuple):
        return type(value)(_cast(each, dtype) for each in value)
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value.to(dtype)
    return value


def row(family: str, dtype: torch.dtype) -> list[str]:
    """Return the values of one line of the table."""
    try:
        beside = plain(family, dtype)
    except Exception as error:  # shown where its value would stand
        beside = f"{type(error).__name__}: {error}"[:40]
    model = model_of(family, dtype=dtype)
    why = why_one_by_one(model)
    if why:
        model = model.with_rows(None, why)
    genomes = population(model)
    together, singly = (paint(each, genomes) for each in (model, one_by_one(model)))
    crowd = latents(together)
    alone = [latents(paint(model, [genome]))[0] for genome in genomes]
    backwards = latents(paint(model, genomes[::-1]))[::-1]
    edited, mask = repainted(model, crowd)
    changed = latents(paint(copy.copy(model), edited))
    kept = same([c[:, ~mask] for c in changed], [c[:, ~mask] for c in crowd])
    return [
        beside,
        "one by one" if why else f"{difference(crowd, latents(singly)):.1e}",
        "equal" if same(alone, crowd) and same(backwards, crowd) else "DIFFERENT",
        "equal" if kept else "DIFFERENT",
        f"{forwards(together)} / {forwards(singly)}",
    ]


def main() -> None:
    """Measure and print a table."""
    every = {**FAMILIES, **MORE}
    parser = parser_of(__doc__)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help="all, if none is named")
    parser.add_argument("--threads", type=int, default=1, help="more only hinder such small models")
    parser.add_argument("--types", nargs="+", choices=TYPES, default=TYPES, metavar="TYPE")
    args = parser.parse_args()
    if unknown := sorted(set(args.families) - set(every)):
        parser.error(f"no family is called {unknown[0]}: choose from {', '.join(every)}")
    torch.set_num_threads(args.threads)
    warnings.simplefilter("ignore")  # of the libraries about their own parts
    diffusers.logging.set_verbosity_error()
    transformers.logging.set_verbosity_error()

    print(f"torch {torch.__version__}, CPU, {args.threads} threads")
    columns = ("plain, of 255", "mixed", "replays", "outside", "forwards")
    print(f"{'family':<20}{'type':<10}" + "".join(f"{name:>14}" for name in columns))
    for family in args.families or every:
        for name in args.types:
            try:
                values = row(family, getattr(torch, name))
            except Exception as error:  # one family must not end the table
                values = [f"fails: {type(error).__name__}: {error}"[:90]]
            shown = "".join(f"{value:>14}" for value in values)
            print(f"{family:<20}{name:<10}{shown}", flush=True)


if __name__ == "__main__":
    main()
