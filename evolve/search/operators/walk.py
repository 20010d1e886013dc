"""Walks: many genomes between few, for clips that turn one picture into another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from evolve.genome.genome import Genome
from evolve.search.operators.crossover import cross_slerp
from evolve.search.operators.shifting import mixed


def walk(stops: Sequence[Genome], frames: int) -> list[Genome]:
    """Return the genomes on the way along `stops`, these included.

    From one stop to the next there are `frames` genomes. Noise goes along great circles, prompt and
    settings as in `cross_slerp`: where prompts or edits differ the picture jumps half way.
    """
    path = []
    for a, b in pairwise(stops):
        path.append(a)
        for share in (k / frames for k in range(1, frames)):
            between = cross_slerp(a, b, share=share)
            path.append(replace(between, variety=mixed([a, b], [1 - share, share])))
    return [*path, stops[-1]]
