"""What the app reads of the population it shows, which is bred or read-only."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evolve.models.words.reach import Reach
from evolve.models.words.vocabulary import Topics
from populations.core.population import Population
from populations.exchange import album, recipe
from populations.home.left import Left
from populations.studio.breeding.axis_names import AxisName, axis_names_in_background
from populations.studio.opening import founded_among
from populations.studio.taste import TasteReport, taste_in_background


class ShownPopulation:
    """A population that is shown: reading it for the app."""

    breeds = False
    """Whether it can be changed; then it is a `SavedSession`."""
    past = False
    """Whether it is shown as it once was: nothing is painted there any more."""
    words = ""
    """What newcomers show unless its plan says otherwise, where it is bred."""
    vocabulary: Topics = {}  # noqa: RUF012 - each that breeds has its own
    """The words that its model knows, likewise."""
    reach: Reach | None = None
    """What its model reads of a text, likewise."""

    def _show_at(self, population: Population, left: Left) -> None:
        """Show a population where it was left."""
        self._population = population
        self.page = int(population.config["page"])
        """Pictures on a page, unless its plan says otherwise."""
        self.times = founded_among(population.config)
        """Candidates that are painted for each picture of a page by taste, likewise."""
        self.settings: Mapping[str, Any] = population.config.get("settings", {})
        """What founders were painted with, as far as that is recorded."""
        self.seed = population.seed
        """What all of its noise follows from."""
        self.branch = left.branch
        """The branch that is shown."""
        self.individual = left.individual
        """Where it was left; None for its newest page."""

    def keep(self, individual: int, folder: Path) -> Path:
        """Save the picture of an individual with its recipe as a new file, and return it."""
        return album.keep(self._population, individual, folder)

    def recipe(self, individual: int) -> str:
        """Return the recipe of an individual as text."""
        return recipe.in_words(self._population, individual)

    def taste(self) -> TasteReport:
        """Return what was learnt of what the person likes; it takes a while, and no torch here.

        Raises:
            FancierError: It cannot be found out.
        """
        return taste_in_background(self._population.path, self.branch)

    def axis_names(self, around: int) -> list[AxisName]:
        """Return what the axes of a ring are in words; it takes a while, and no torch here.

        Raises:
            FancierError: It cannot be found out.
        """
        return axis_names_in_background(self._population.path, self.branch, around)
