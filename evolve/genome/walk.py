"""Walks: many genomes between few, for clips that turn one picture into another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from evolve.genome.genome import Genome
from evolve.search.operators import cross_slerp


def walk(stops: Sequence[Genome], frames: int) -> list[Genome]:
    """Return the genomes on the way along `stops`, which are among them.

    Noise goes along great circles; words and settings come along as in `cross_slerp`, so that
    where prompts or edits differ the picture jumps half way.

    Args:
        stops: Two genomes or more, with noise of one shape.
        frames: Genomes from one stop to the next, 1 or more.
    """
    path = []
    for a, b in pairwise(stops):
        path.append(a)
        path += [cross_slerp(a, b, share=k / frames) for k in range(1, frames)]
    return [*path, stops[-1]]
