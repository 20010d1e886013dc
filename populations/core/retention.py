"""Which pictures are kept. Genomes always are, so any picture can be painted again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from populations.core.population import Population

BEST = 24
"""Pictures that are kept for their score."""
LAST = 2
"""Generations that are kept as a whole."""


def drop_pictures(
    population: Population, keep: str, fitness: Mapping[int, float] | None = None
) -> list[int]:
    """Drop the pictures that `keep` does not spare; return whose they were.

    Args:
        population: Whose pictures.
        keep: `all`; `best`: those judged by a person, the fittest, and the last generations;
            or `none`.
        fitness: By individual; None for the scores of the scorer that gave the most.
    """
    if keep == "all":
        return []
    painted = population.kept_pictures()
    if keep == "best":
        verdicts = population.verdicts()
        known = verdicts.scores if fitness is None else fitness
        scores = {i: known[i] for i in painted.tolist() if i in known}
        best = sorted(scores, key=lambda i: (-scores[i], i))[:BEST]
        generations = population.births().generations
        recent = np.flatnonzero(generations > generations.max(initial=0) - LAST)
        painted = np.setdiff1d(painted, [*verdicts.judged, *best, *recent.tolist()])
    population.drop(painted.tolist())
    return [int(i) for i in painted]


def bytes_of_picture(population: Population) -> int:
    """Return about how many bytes one more individual with its picture takes."""
    lengths = population.picture_lengths()
    width, height = population.config["size"]
    # Without an example: lossless WebP takes about a third of the pixels' bytes.
    picture = int(lengths.mean()) if len(lengths) else width * height
    noise = 2 * int(np.prod(population.config["latent"]))
    return picture + noise + 1024
