"""Operators: ways to make a genome from others. Each is a named object in a registry.

They call pure functions (random source, parents, parameters) -> genome, all of which keep the noise
standard normal (`evolve.genome.noise`). The child of an edited genome has the same edit: outside
the mask it keeps the noise that belongs to the base.
"""

from evolve.search.operators.crossover import cross_band, cross_blend, cross_region, cross_slerp
from evolve.search.operators.gene_mutation import MUTATE_SETTINGS, mutate_settings, mutate_weights
from evolve.search.operators.mutation import MUTATE, mutate, mutate_band, mutate_region
from evolve.search.operators.newcomers import ANTITHETIC, FOUND, KEEP, antithetic, found
from evolve.search.operators.operator import KINDS, Child, Kind, Operator, Strength
from evolve.search.operators.placing import EDIT, REPAINT, TAKE, TAKE_OFF, put_back, repaint, take
from evolve.search.operators.registry import (
    adjustable,
    default_menu,
    is_whole,
    operator_of,
    operators,
)
from evolve.search.operators.turning import LOOK, STEER, look, steer

__all__ = [
    "ANTITHETIC",
    "EDIT",
    "FOUND",
    "KEEP",
    "KINDS",
    "LOOK",
    "MUTATE",
    "MUTATE_SETTINGS",
    "REPAINT",
    "STEER",
    "TAKE",
    "TAKE_OFF",
    "Child",
    "Kind",
    "Operator",
    "Strength",
    "adjustable",
    "antithetic",
    "cross_band",
    "cross_blend",
    "cross_region",
    "cross_slerp",
    "default_menu",
    "found",
    "is_whole",
    "look",
    "mutate",
    "mutate_band",
    "mutate_region",
    "mutate_settings",
    "mutate_weights",
    "operator_of",
    "operators",
    "put_back",
    "repaint",
    "steer",
    "take",
]
