"""What was bred, to compare one population with another."""

from pathlib import Path
from typing import Any

from evolve.strategies.cost import FORWARDS
from populations import Population


def contents(path: Path, scorer: str) -> dict[str, list[Any]]:
    """Return what there is of every individual of the population in a folder, by what it is."""
    with Population.open(path, write=False) as population:
        births, scores = list(population.births()), population.scores()[scorer]
        pictures = [population.picture(birth.id) for birth in births]
        return {
            "genomes": [population.genome(birth.id).digest for birth in births],
            "parents": [birth.parents for birth in births],
            "generations": [birth.generation for birth in births],
            "cost": [birth.origin.params.get(FORWARDS) for birth in births],
            "pictures": [b"" if picture is None else picture.tobytes() for picture in pictures],
            "scores": [scores.get(birth.id) for birth in births],
        }


def differing(one: dict[str, list[Any]], other: dict[str, list[Any]]) -> str:
    """Return in words what is not the same in two populations."""
    return ", ".join(what for what in one if one[what] != other[what]) or "nothing"
