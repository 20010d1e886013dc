"""Prompts of pages: that of newcomers, and those of earlier pages."""

from __future__ import annotations

from collections.abc import Iterator

from evolve.genome import Prompt
from tui.controller.population_controller import PopulationController

LOOK_BACK = 200
"""Pages whose prompts are read at most: each is read while a key waits."""


def in_force(controller: PopulationController) -> str:
    """Return the prompt of newcomers as text."""
    prompt = controller.plan.prompt
    return controller.source.words if prompt is None else str(prompt)


def earlier(controller: PopulationController) -> Iterator[Prompt]:
    """Read the prompt of the first picture of each of the last pages, the latest first.

    One that cannot be read raises a `FancierError`; the next call goes on with the page before.
    """
    ids = controller.pages.everyone  # a generation may have members in other branches, too
    generations = controller.pages.cards.births.generations[ids]

    def prompt_of(page: int) -> Prompt:
        first = int(ids[(generations == page).argmax()])
        return controller.genome(first).prompt

    return map(prompt_of, controller.pages.generations[: -1 - LOOK_BACK : -1])
