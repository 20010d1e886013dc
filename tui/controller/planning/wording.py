"""Words of pages: those of newcomers, and those of the pages before."""

from __future__ import annotations

from collections.abc import Iterator

from evolve.genome import Prompt
from tui.controller.population_controller import PopulationController

LOOK_BACK = 200
"""Pages whose words are read at most: each is read while a key waits."""


def in_force(controller: PopulationController) -> str:
    """Return what newcomers show."""
    prompt = controller.plan.prompt
    return controller.source.words if prompt is None else str(prompt)


def earlier(controller: PopulationController) -> Iterator[Prompt]:
    """Read the words of the first picture of each of the last pages, the latest first.

    What cannot be read raises a `FancierError`; the next call goes on behind it.
    """
    ids = controller.pages.everyone  # of other branches, there are others in a generation
    generations = controller.pages.cards.births.generations[ids]

    def prompt_of(page: int) -> Prompt:
        first = int(ids[(generations == page).argmax()])
        return controller.genome(first).prompt

    return map(prompt_of, controller.pages.generations[: -1 - LOOK_BACK : -1])
