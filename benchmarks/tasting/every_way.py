"""All ways of making pages, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.tasting.knowing import Knowing, Person
from benchmarks.tasting.ways import PAGE, Among, ByPages, BySearch, OverPool, Turning, Way, World

WAYS: Mapping[str, Callable[[World, int, Person], Way]] = {
    "random": lambda world, seed, person: OverPool(world, seed, chooses=False),
    "plain GA": lambda world, seed, person: Turning(world, seed, "ga"),
    "(1+11)-ES": lambda world, seed, person: Turning(world, seed, "es"),
    "GP pool": lambda world, seed, person: OverPool(world, seed),
    "ratings": lambda world, seed, person: BySearch(world, seed),
    "taste": lambda world, seed, person: ByPages(world, seed),
    "among 24": lambda world, seed, person: Among(world, seed, 2),
    "among 36": lambda world, seed, person: Among(world, seed, 3),
    "alike 36": lambda world, seed, person: Among(world, seed, 3, told_apart=False),
    "among 60": lambda world, seed, person: Among(world, seed, 5),
    "among 96": lambda world, seed, person: Among(world, seed, 8),
    "knows": lambda world, seed, person: Knowing(world, seed, person),
    "knows 36": lambda world, seed, person: Knowing(world, seed, person, 3 * PAGE),
    "knows 60": lambda world, seed, person: Knowing(world, seed, person, 5 * PAGE),
    "knows 240": lambda world, seed, person: Knowing(world, seed, person, 20 * PAGE),
}
"""Ways to make pages, by name."""
