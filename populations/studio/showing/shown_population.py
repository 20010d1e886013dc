"""What the app reads of the population it shows, which is bred or read-only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from evolve.models.words.reach import Reach
from evolve.models.words.vocabulary import Topics
from evolve.rendering.process.answering import answered
from populations.core.population import Population
from populations.exchange import album, recipe
from populations.home.left import Left
from populations.studio.breeding.axis_names import AxisName, axis_names
from populations.studio.models.own_model import card_if_there
from populations.studio.opening import founded_among
from populations.studio.taste import TasteReport, taste_of

T = TypeVar("T")


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
        return self._found_out("what was learnt", taste_of)

    def axis_names(self, around: int) -> list[AxisName]:
        """Return what the axes of a ring are in words; it takes a while, and no torch here.

        Raises:
            FancierError: It cannot be found out.
        """
        return self._found_out("what the axes are", axis_names, around)

    def _found_out(self, what: str, work: Callable[..., T], *args: object) -> T:
        """Return what `work` finds out in the branch, in a process of its own.

        For the app, which must not wait, nor load what reads pictures.
        """
        path, branch = self._population.path, self.branch
        found: T = answered(what, _of_saved, path, branch, work, *args)
        return found


def _of_saved(path: Path, branch: str, work: Callable[..., T], *args: object) -> T:
    with Population.open(path, write=False) as population:
        return work(population.branch(branch), card_if_there(population.model), *args)
