"""Individuals in a few characters, for drawings and contact sheets."""

from __future__ import annotations

from evolve.individual import Birth, Verdict


def named(individual: int, verdict: Verdict | None) -> str:
    """Return the id with what a person said of it: `12 **** pin`."""
    if verdict is None:
        return str(individual)
    stars = "*" * (verdict.rating or 0)
    said = (stars, "pin" if verdict.pinned else "", "x" if verdict.rejected else "")
    return " ".join([str(individual), *filter(None, said)])


def making(birth: Birth) -> str:
    """Return how an individual was made: `mutate 14°`, `cross region + 7`."""
    words = birth.origin.operator.replace("_", " ")
    angle = birth.origin.params.get("angle")
    if isinstance(angle, int | float):
        words += f" {angle:.0f}°"
    return " + ".join([words, *map(str, birth.parents[1:])])
