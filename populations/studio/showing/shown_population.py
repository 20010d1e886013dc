"""What the app reads of the population it shows, whether it breeds it or only looks at it."""

from __future__ import annotations

from pathlib import Path

from populations.core.population import Population
from populations.exchange import album, recipe
from populations.studio.breeding.axis_names import AxisName, axis_names_in_background
from populations.studio.taste import TasteReport, taste_in_background


class ShownPopulation:
    """A population that is shown: reading it for the app."""

    _population: Population
    branch: str
    """The branch that is shown."""

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
